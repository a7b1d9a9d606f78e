import { printableJson } from '../lambdas/characters/visible-text';
import { withDotEnv } from '../lib/dot-env';
import { asJson } from './doctor/check-report';
import { diagnose, examineService } from './doctor/diagnose';
import { DOCTOR_HELP, DOCTOR_OPTIONS, parseDoctorOptions } from './doctor/doctor-options';
import { isAnythingWrong } from './doctor/run-checks';
import { Screen } from './terminal/console-output';
import { endWithReader } from './terminal/handle-epipe';
import { runCommand } from './terminal/run-command';

endWithReader();

await runCommand('doctor', DOCTOR_OPTIONS, async ({ words, signal }) => {
  const { json, beforeRollback, help } = parseDoctorOptions(words);
  if (help) {
    console.log(DOCTOR_HELP);
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  const diagnosis = { environment, pacing: { signal }, beforeRollback };
  if (!json) return (await diagnose({ ...diagnosis, screen: new Screen(process.stdout) })) ? 0 : 1;
  const examined = await examineService(diagnosis, () => {});
  console.log(printableJson(asJson(examined)));
  return isAnythingWrong(examined) ? 1 : 0;
});
