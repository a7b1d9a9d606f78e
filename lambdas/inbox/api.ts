/**
 * The inbox's API: every request, response and live event. Shared by the server and the app in the browser, so nothing
 * here may import what only Node has.
 */
export * from './api/chat';
export * from './api/customer';
export * from './api/errors';
export * from './api/live-event';
export * from './api/routes';
export * from './api/session';
export * from './api/values';
