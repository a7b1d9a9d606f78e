import * as v from 'valibot';
import { errorMessage } from '../errors';
import type { RequestLog } from '../telemetry/request-log';
import { openTwilio, TwilioApiError, type TwilioClient, type TwilioRequest } from './twilio-client';

/** A worker's state at Frontline; `unknown` also covers one who has never logged in (twilio.md#custom-routing). */
export type Availability = 'available' | 'unavailable' | 'deactivated' | 'unknown';

const User = v.object({
  state: v.optional(v.nullable(v.string()), null),
  is_available: v.optional(v.nullable(v.boolean()), null),
});

/** The Frontline Users API: the availability of workers. */
export class FrontlineUsers {
  constructor(
    private readonly client: TwilioClient,
    private readonly apiUrl: string,
    private readonly requestLog: RequestLog,
  ) {}

  /** Whether a worker accepts conversations now. Never fails: if the API does, the result is `unknown`. */
  async availabilityOf(identity: string): Promise<Availability> {
    try {
      const user = await this.client.get(`${this.apiUrl}/v1/Users/${encodeURIComponent(identity)}`, User);
      if (user.state === 'deactivated') return 'deactivated';
      return user.is_available === null ? 'unknown' : user.is_available ? 'available' : 'unavailable';
    } catch (error) {
      if (error instanceof TwilioApiError && error.status === 404) return 'unknown';
      this.requestLog.warn(
        `Could not read the availability of ${identity} from the Frontline Users API: ${errorMessage(error)}`,
      );
      return 'unknown';
    }
  }
}

export function openFrontlineUsers(request: TwilioRequest): FrontlineUsers {
  return new FrontlineUsers(openTwilio(request), request.configuration.frontlineUrl, request.requestLog);
}
