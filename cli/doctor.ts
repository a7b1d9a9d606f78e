import { printableJson } from '../lambdas/characters/visible-text';
import { withDotEnv } from '../lib/dot-env';
import { asJson } from './doctor/check-report';
import { diagnose, examineService } from './doctor/diagnose';
import { DOCTOR_HELP, DOCTOR_OPTIONS, parseDoctorOptions } from './doctor/doctor-options';
import { hasFailures } from './doctor/run-checks';
import { ConsoleOutput } from './terminal/console-output';
import { handleEpipe } from './terminal/handle-epipe';
import { runCommand } from './terminal/run-command';

handleEpipe();

await runCommand('doctor', DOCTOR_OPTIONS, async ({ words, signal }) => {
  const { json, beforeRollback, help } = parseDoctorOptions(words);
  if (help) {
    console.log(DOCTOR_HELP);
    return 0;
  }
  const environment = withDotEnv(process.cwd(), process.env);
  const diagnosis = { environment, pacing: { signal }, beforeRollback };
  if (!json) return (await diagnose({ ...diagnosis, screen: new ConsoleOutput(process.stdout) })) ? 0 : 1;
  const reports = await examineService(diagnosis, () => {});
  console.log(printableJson(asJson(reports)));
  return hasFailures(reports) ? 1 : 0;
});
