/** What is seen before there is anything: where to drop a file, a sample, and the same as a command. */
import sample from '../../../fixtures/openapi/test8.json' with { type: 'json' };
import { curlOf, instancePath } from '../api.ts';
import { copy } from '../notice.ts';
import { getCaller } from '../preferences.ts';
import { filter } from '../store.ts';
import { t } from '../text.ts';
import { Button } from './controls.tsx';
import { importSample, openImport } from './import.tsx';

/** The sample: the file whose import the service documents. */
const sampleFile = (): File =>
  new File([JSON.stringify(sample, null, 2)], 'test8.json', { type: 'application/json' });

export function Welcome() {
  const { token, project, instance } = getCaller();
  const path = instancePath(
    filter.value.project_id || project,
    filter.value.instance_id || instance,
    'openapi/async-import',
  );
  const form = { is_create_group: 'true', file_name: '@openapi.yaml' };
  const command = curlOf({ method: 'POST', path, headers: { 'X-Auth-Token': token }, form });
  return (
    <section id="welcome" class="panel welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">{t('welcome')}</h2>
      <p class="soft">{t('welcomeAbout')}</p>
      <div class="row">
        <Button text="chooseFile" class="primary" onClick={() => openImport()} />
        <Button text="importSample" onClick={() => importSample(sampleFile())} />
      </div>
      <div class="command">
        <code>{command}</code>
        <Button text="copy" class="small" onClick={() => void copy(command)} />
      </div>
    </section>
  );
}
