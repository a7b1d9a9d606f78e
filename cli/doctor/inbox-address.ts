import { errorCode, errorMessage } from '../../lambdas/errors';
import type { InboxOutputs } from '../inbox/inbox-outputs';
import { apiIn } from '../inbox/site/page';
import type { Site } from '../inbox/site/site-files';
import type { InboxChoices } from '../settings/settings';
import { type CheckResult, failed, passed } from './health-check';

const TIMEOUT_MS = 15_000;
const AGAIN = 'npx frontline setup uploads the app';

/** Whether a worker's browser gets this folder's build at the inbox's address. */
export async function addressResult(
  { url, apiUrl, distributionDomain }: Pick<InboxOutputs, 'url' | 'apiUrl' | 'distributionDomain'>,
  { page }: Pick<Site, 'page'>,
  choices: Pick<InboxChoices, 'url'>,
): Promise<CheckResult> {
  const address = choices.url ?? url;
  const response = await open(address);
  if (response instanceof Error)
    return unreachable(address, response, choices.url === null ? null : distributionDomain);
  const { status } = response;
  const html = await response.text();
  if (status === 403 || status === 404) {
    return failed(`${address} returns ${status}: the site has no page, or CloudFront may not read it`, AGAIN);
  }
  if (status !== 200) return failed(`${address} returns ${status}`, elsewhere(choices));
  const api = apiIn(html);
  if (api === null) {
    return failed(
      `${address} shows a page that is not the inbox's, or was uploaded without its addresses`,
      `${AGAIN}; ${elsewhere(choices)}`,
    );
  }
  if (api !== apiUrl)
    return failed(`${address} shows the inbox of another deployment (${api})`, elsewhere(choices));
  if (html !== page.body.toString()) {
    const fix = `${AGAIN}. If it has just done so, a cache between here and the site still has the earlier build`;
    return failed(`${address} shows another build than this folder's`, fix);
  }
  return passed(`${address} shows this folder's build`);
}

async function open(address: string): Promise<Response | Error> {
  try {
    return await fetch(`${address}/`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    return new Error(reasonOf(error), { cause: error });
  }
}

/** `ENOTFOUND`, `CERT_HAS_EXPIRED`. Of `fetch failed`, only the cause says what happened. */
function reasonOf(error: unknown): string {
  const hasCause = typeof error === 'object' && error !== null && 'cause' in error;
  const cause = (hasCause ? error.cause : null) ?? error;
  const code = errorCode(cause);
  return typeof code === 'string' ? code : errorMessage(cause);
}

/** @param target of the DNS record of a custom domain; null without one */
function unreachable(address: string, error: Error, target: string | null): CheckResult {
  const fix =
    target === null
      ? 'A new distribution takes some minutes; check the network and try again'
      : `Point the domain of INBOX_URL at the distribution: a CNAME (or alias) record to ${target}, docs/inbox-setup.md`;
  return failed(`${address} cannot be opened (${error.message})`, fix);
}

function elsewhere({ url }: Pick<InboxChoices, 'url'>): string {
  return url === null
    ? 'See the distribution in the CloudFront console'
    : 'Check that the domain of INBOX_URL points at this distribution';
}
