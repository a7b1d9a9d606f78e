import * as v from 'valibot';
import type { Journal } from '../journal/journal';
import { openTwilio, type TwilioRequest } from './open-twilio';
import { Refused, type TwilioClient } from './twilio-client';

const User = v.object({
  state: v.optional(v.nullable(v.string()), null),
  is_available: v.optional(v.nullable(v.boolean()), null),
});

/** What Frontline says of a worker; `unknown` also covers one who has never logged in (Twilio contract 5). */
export type Availability = 'available' | 'unavailable' | 'deactivated' | 'unknown';

/** The Frontline Users API: how the workers are. */
export class FrontlineUsers {
  constructor(
    private readonly client: TwilioClient,
    private readonly apiUrl: string,
    private readonly journal: Journal,
  ) {}

  /** Whether a worker takes conversations now. Never fails: where the API does, nothing is known. */
  async availabilityOf(identity: string): Promise<Availability> {
    try {
      const user = await this.client.get(`${this.apiUrl}/v1/Users/${encodeURIComponent(identity)}`, User);
      if (user.state === 'deactivated') return 'deactivated';
      return user.is_available === null ? 'unknown' : user.is_available ? 'available' : 'unavailable';
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return 'unknown';
      const reason = error instanceof Error ? error.message : String(error);
      this.journal.warn(`The Frontline Users API does not say how ${identity} is: ${reason}`);
      return 'unknown';
    }
  }
}

export function openFrontlineUsers(request: TwilioRequest): FrontlineUsers {
  return new FrontlineUsers(openTwilio(request), request.configuration.frontlineUrl, request.journal);
}
