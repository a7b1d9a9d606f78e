import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../../../cli/inbox/site/build-app';
import { pageFor } from '../../../../cli/inbox/site/page';
import { appFiles } from '../../../../cli/start/inbox/app-files';
import { type CognitoEmulator, startCognito } from '../../../../emulators/cognito/cognito-emulator';
import { plainText } from '../../../../emulators/core/http-response';
import { type Listening, startHttpServer } from '../../../../emulators/core/http-server';
import { PAGE_FILE } from '../../../../lib/inbox/page-paths';
import { headerPolicy } from '../../../../lib/inbox/site-headers';
import { type Screen, WorkerPage } from '../worker-page';
import type { InboxWorld } from '../world';
import { type ApiFront, startApiFront } from './api-front';

const CLIENT = 'client1';
const PROJECT = join(import.meta.dirname, '..', '..', '..', '..');

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export const ANA: Person = { name: 'Ana Beltrán', email: 'ana@example.com', password: "Ana's password 1" };
export const BASHIR: Person = {
  name: 'Bashir Haddad',
  email: 'bashir@example.com',
  password: "Bashir's password 1",
};

/** The app as it is deployed: its page with meta tags, an API at another origin, and the provider's sign-in. */
export class DeployedSite {
  private constructor(
    readonly world: InboxWorld,
    readonly url: string,
    readonly cognito: CognitoEmulator,
    readonly api: ApiFront,
    /** By how much the provider's clock is ahead of this machine's. */
    readonly clock: { aheadMs: number },
    readonly close: () => Promise<void>,
  ) {}

  static async start(world: InboxWorld): Promise<DeployedSite> {
    const mediaUrl = world.twilio.url;
    const directory = await mkdtemp(join(tmpdir(), 'frontline-site-'));
    await cp(await buildApp(join(PROJECT, 'inbox')), directory, { recursive: true });
    const site = await startSite(directory, mediaUrl);
    const url = site.url.replace('127.0.0.1', 'localhost');
    const clock = { aheadMs: 0 };
    const cognito = await startCognito({
      clientId: CLIENT,
      callbackUrls: [`${url}/sign-in`],
      logoutUrls: [`${url}/`],
      now: () => Date.now() + clock.aheadMs,
    });
    for (const { email, password } of [ANA, BASHIR]) {
      cognito.pool.addUser({ email, password, subject: email });
    }
    const api = await startApiFront({
      demoUrl: world.baseUrl,
      siteOrigin: url,
      identityOf: (token) => cognito.pool.subjectOf(token),
    });
    const index = join(directory, PAGE_FILE);
    const page = pageFor(await readFile(index, 'utf8'), {
      apiUrl: api.url,
      liveUrl: world.liveUrl,
      signInUrl: cognito.url,
      clientId: CLIENT,
      mediaUrl,
    });
    await writeFile(index, page);
    const close = async () => {
      for (const part of [site, api, cognito]) await part.close();
      await rm(directory, { recursive: true });
    };
    return new DeployedSite(world, url, cognito, api, clock, close);
  }

  /** Opens the site in a browser profile of its own. */
  browser(at = '/', screen?: Screen): Promise<WorkerPage> {
    return WorkerPage.visit(this.world.browser, this.url, { at, ...(screen && { screen }) });
  }

  /** A browser profile in which a person has signed in. */
  async signedIn(person: Person, at = '/'): Promise<WorkerPage> {
    const page = await this.browser(at);
    await this.signIn(page, person);
    return page;
  }

  /** Fills in the provider's form, which is shown or about to be. */
  async signIn({ page }: WorkerPage, { email, password }: Person): Promise<void> {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('nav').waitFor({ state: 'attached' });
  }

  /** How often the token endpoint was asked with a grant. */
  grants(kind: 'authorization_code' | 'refresh_token'): number {
    return this.cognito.seen.filter(
      ({ route, parameters }) => route === 'POST /oauth2/token' && parameters.get('grant_type') === kind,
    ).length;
  }

  /** Does something while the provider cannot be reached. */
  async withoutProvider<T>(run: () => Promise<T>): Promise<T> {
    this.cognito.isReachable = false;
    try {
      return await run();
    } finally {
      this.cognito.isReachable = true;
    }
  }

  /** Ends a worker's sign-in at the provider, in every browser. */
  endSignIns({ email }: Person): void {
    this.cognito.pool.endSignIns(email);
    this.cognito.pool.expireAccessTokens();
  }
}

/** The bucket and its distribution, with the header that CloudFront adds. */
function startSite(directory: string, mediaUrl: string): Promise<Listening> {
  const files = appFiles(directory, () => ({ media: mediaUrl, live: '' }));
  return startHttpServer({
    maxBodyBytes: 0,
    respond: async (request, body) => {
      const found = await files(request, body);
      if (found === null) return plainText('Not found', 404);
      const policy = { 'content-security-policy': headerPolicy(new URL(mediaUrl).origin) };
      return { ...found, headers: { ...found.headers, ...policy } };
    },
    respondToError: (error) => plainText(String(error), 500),
  });
}
