import { readDeployment } from '../api/deployment';
import { DeployedSignIn } from './deployed-sign-in';
import { localSignIn } from './local-sign-in';
import type { SignInMethod } from './sign-in-method';

const deployment = readDeployment(
  (name) => document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? null,
);

/** Whether this is the demo, where workers are chosen from a list. */
export const isDemo = deployment === null;

/** How workers sign in here. */
export const signInMethod: SignInMethod = deployment === null ? localSignIn : new DeployedSignIn(deployment);
