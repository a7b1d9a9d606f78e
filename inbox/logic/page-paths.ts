/**
 * The addresses that are the app's page: every server of the app serves its one page for these, and a file or 404 for
 * all others. Written so that a CloudFront Function can use it too.
 */
export const PAGE_PATH = /^\/(?:(?:chats|customers|settings|sign-in)(?:\/.*)?)?$/;
