import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { PATIENCE_MS } from './expect';

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly isTouch?: boolean;
  readonly isDark?: boolean;
}

export const DESK: Screen = { width: 1400, height: 860 };
export const TABLET: Screen = { width: 900, height: 800 };
export const PHONE: Screen = { width: 360, height: 740, isTouch: true };

/** A worker at the inbox: what is seen by its role and name, as a person or a screen reader finds it. */
export class WorkerPage {
  /** Errors of the page, its console's and requests refused by the content security policy included. */
  readonly problems: string[] = [];
  /** What came by live sockets. */
  readonly frames: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly baseUrl: string,
    readonly screen: Screen,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => this.frames.push(String(payload)));
    });
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !isForeseen(message.text())) this.problems.push(message.text());
    });
  }

  /** Opens a page in a browser profile of its own, and signs in with the picker. */
  static async open(
    browser: Browser,
    baseUrl: string,
    { worker, ...visit }: { readonly worker: string; readonly screen?: Screen; readonly at?: string },
  ): Promise<WorkerPage> {
    const opened = await WorkerPage.visit(browser, baseUrl, visit);
    await opened.page.getByRole('button', { name: worker }).click();
    await opened.page.getByRole('navigation').waitFor();
    return opened;
  }

  /** Opens a page in a browser profile of its own. */
  static async visit(
    browser: Browser,
    baseUrl: string,
    { screen = DESK, at = '/' }: { readonly screen?: Screen; readonly at?: string },
  ): Promise<WorkerPage> {
    const { width, height, isTouch = false, isDark = false } = screen;
    const context = await browser.newContext({
      viewport: { width, height },
      hasTouch: isTouch,
      isMobile: isTouch,
      colorScheme: isDark ? 'dark' : 'light',
      locale: 'en-GB',
      timezoneId: 'Europe/London',
    });
    const opened = new WorkerPage(await context.newPage(), context, baseUrl, screen);
    await opened.page.goto(`${baseUrl}${at}`);
    return opened;
  }

  /** Another tab of the same browser, signed in already. */
  async newTab(at: string): Promise<WorkerPage> {
    const opened = new WorkerPage(await this.context.newPage(), this.context, this.baseUrl, this.screen);
    await opened.page.goto(`${this.baseUrl}${at}`);
    await opened.page.getByRole('navigation').waitFor();
    return opened;
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.baseUrl}${path}`);
    // On a phone it is hidden beside a conversation.
    await this.page.locator('nav').waitFor({ state: 'attached' });
  }

  /** The page's address as the page has it: Playwright's own knowledge is a little later. */
  async address(): Promise<URL> {
    return new URL(await this.page.evaluate<string>('location.href'));
  }

  /** The row of a chat or customer. */
  row(name: string | RegExp): Locator {
    return this.page.locator('.list').getByRole('link', { name }).first();
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Write a message' });
  }

  message(text: string | RegExp): Locator {
    return this.log.locator('.message').filter({ hasText: text });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async openChat(name: string | RegExp): Promise<void> {
    await this.row(name).click();
    await this.log.waitFor();
  }

  async write(text: string): Promise<void> {
    await this.composer.fill(text);
    if (this.screen.isTouch === true) await this.button('Send').tap();
    else await this.composer.press('Enter');
  }

  /** Asks the API as the page would, without its checks. @returns the status */
  async post(path: string, body: unknown): Promise<number> {
    const token = await this.page.evaluate<string>("sessionStorage.getItem('inbox.token')");
    const response = await this.context.request.post(`${this.baseUrl}${path}`, {
      data: body,
      headers: { Authorization: `Bearer ${token}` },
    });
    return response.status();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** The browser reports answers such as 404 and 409 as errors; the app shows them in words. */
function isForeseen(text: string): boolean {
  return text.startsWith('Failed to load resource') || text.includes('ERR_INTERNET_DISCONNECTED');
}
