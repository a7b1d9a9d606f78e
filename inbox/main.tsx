import { call } from './api/client';

call('chat', { params: { chatSid: 'x' } }).then((x) => x.chat.sid);
call('chats', {}).then((x) => x.chats);
call('session', {}).then((x) => x.worker);
call('read', { params: { chatSid: 'x' }, body: { index: 3 } });
// @ts-expect-error
call('read', { params: { chatSid: 'x' } });
// @ts-expect-error
call('chat', {});
