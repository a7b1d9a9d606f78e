import { expect, test } from '@jest/globals';
import { explainDeliveryFailure } from '../../../lambdas/conversation/delivery-failures';
import { failedDelivery } from '../../../lambdas/inbox/messages/failure-words';

const CODES = Array.from({ length: 44_000 }, (_, index) => 21_000 + index);

test('the worker reads words for exactly the codes that the log explains', () => {
  const unknown = failedDelivery(null, 'Jane').reason;
  const inInbox = CODES.filter((code) => failedDelivery(code, 'Jane').reason !== unknown);
  const inLog = CODES.filter((code) => !explainDeliveryFailure(code).includes('https://'));

  expect(inInbox).toEqual(inLog);
  expect(inLog.length).toBeGreaterThan(40);
});
