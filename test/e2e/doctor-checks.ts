import { deepEqual, match } from 'node:assert/strict';
import * as v from 'valibot';
import { examineService } from '../../cli/doctor/diagnose';
import type { CheckReport } from '../../cli/doctor/run-checks';
import { DeployedSecret } from './deployed-secret';
import { eventually } from './eventually';
import { FAULTS, type Scene } from './faults';
import type { MiniStack } from './ministack';
import { awsVariables } from './operator';
import type { Report } from './report';
import type { SetUpWorld } from './set-up-world';

/** This part's emulator has no rate limit; the doctor's own rate is checked against one that has. */
const FAST = 100;

const Line = v.object({ id: v.string(), said: v.string() });
const OneLine = v.tuple([Line]);

/** Each fault fails only its own check, which names it and its fix. */
export async function checkDoctor(
  report: Report,
  world: SetUpWorld,
  cloud: MiniStack,
  signal: AbortSignal,
): Promise<void> {
  // In this process, because the doctor runs for every fault: `frontline doctor` itself was covered at the end of
  // setup.
  Object.assign(process.env, awsVariables(cloud));
  const scene: Scene = { world, cloud, secret: new DeployedSecret(cloud), settings: { ...world.settings } };
  const examined = () =>
    examineService({ environment: scene.settings, pacing: { signal, requestsPerSecond: FAST } }, () => {});

  for (const { what, line, message, inject } of FAULTS) {
    await report.check(`doctor: ${what} is said in the line ${line}, and in no other`, async () => {
      const restore = await inject(scene);
      try {
        // The previous repair may not have reached the replica yet.
        await eventually(signal, async () => {
          const wrong = wrongLines(await examined());
          deepEqual(
            wrong.map(({ id }) => id),
            [line],
          );
          const [{ said }] = v.parse(OneLine, wrong);
          match(said, message);
        });
      } finally {
        await restore();
      }
    });
  }
  await report.check('doctor: everything is fixed, no check fails', async () => {
    await eventually(signal, async () =>
      deepEqual(
        (await examined()).filter(({ outcome }) => outcome.status !== 'pass').map(({ check }) => check.id),
        [],
      ),
    );
  });
}

/** The lines with ✗: each one's message and findings. */
function wrongLines(examined: readonly CheckReport[]): v.InferOutput<typeof Line>[] {
  return examined.flatMap(({ check: { id }, outcome }) => {
    if (outcome.status !== 'fail') return [];
    const { message, findings = [] } = outcome;
    return [{ id, said: [message, ...findings.map(({ what }) => what)].join('\n') }];
  });
}
