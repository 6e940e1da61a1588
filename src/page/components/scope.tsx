/** The scope that a fault, a plan or a reset is for: always shown, and chosen. */
import { useSignal } from '@preact/signals';
import { filter, overview, type Place, type Scope } from '../store.ts';
import { t } from '../text.ts';
import { Choice, type Options } from './controls.tsx';

/** The known projects, or the instances of one, as choices; '' = all. */
export function placeOptions(name: 'project_id' | 'instance_id', within = ''): Options<string> {
  const places: readonly Place[] = [
    ...(overview.value?.scopes ?? []),
    ...(overview.value?.groups?.newest ?? []),
  ].filter(({ project_id }) => within === '' || project_id === within);
  const names = places.flatMap((place) => place[name] ?? []);
  return [['', t('all')], ...[...new Set(names)].sort()];
}

/** The controls, and the scope that they give; it begins as the filter has it. */
export function useScope() {
  const project = useSignal(filter.peek().project_id);
  const instance = useSignal(filter.peek().instance_id);
  const place: Scope = {
    ...(project.value === '' ? {} : { project_id: project.value }),
    ...(project.value === '' || instance.value === '' ? {} : { instance_id: instance.value }),
  };
  const chooseProject = (chosen: string) => {
    project.value = chosen;
    instance.value = '';
  };
  const set = ({ project_id = '', instance_id = '' }: Place) => {
    project.value = project_id;
    instance.value = instance_id;
  };
  const controls = (
    <>
      <Choice
        label="project"
        options={placeOptions('project_id')}
        value={project.value}
        onChange={chooseProject}
      />
      <Choice
        label="instance"
        options={project.value === '' ? [['', t('all')]] : placeOptions('instance_id', project.value)}
        bound={instance}
      />
    </>
  );
  return { place, controls, set };
}
