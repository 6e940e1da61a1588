/** What the mock was started with, and the way back to it. */
import { useSignal } from '@preact/signals';
import { notify } from '../notice.ts';
import { overview, scope, send } from '../store.ts';
import { joined, t, textOf } from '../text.ts';
import { Button } from './controls.tsx';
import { Facts, Panel } from './layout.tsx';

const CONFIRM_MS = 4000;

export function Settings() {
  const { project_id, instance_id } = scope.value;
  const place = joined(' / ', project_id, instance_id);
  const settings = Object.entries(overview.value?.settings ?? {});
  const facts = settings.map(([name, value]) => [name, textOf(value)] as const);
  return (
    <Panel id="settings">
      <details>
        <summary>{t('startupSettings')}</summary>
        <Facts facts={facts} />
      </details>
      <div class="row">
        {place !== '' && <ResetButton key={place} label={t('resetScope', place)} place={scope.value} />}
        <ResetButton label={t('resetAll')} place={{}} />
      </div>
    </Panel>
  );
}

/** A button that wants to be clicked twice. */
function ResetButton({ label, place }: { label: string; place: object }) {
  const isArmed = useSignal(false);
  const click = () => {
    if (isArmed.value) send('POST', '/__admin/reset', place, async () => notify(label));
    isArmed.value = !isArmed.value;
    setTimeout(() => {
      isArmed.value = false;
    }, CONFIRM_MS);
  };
  return <Button class="small" sign={isArmed.value ? t('resetConfirm') : label} onClick={click} />;
}
