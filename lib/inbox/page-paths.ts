/**
 * The addresses of the app's one page: `/` and everything below its sections. Every other address is a file. The
 * pattern is written for CloudFront Functions too, whose JavaScript is older (`site.ts`).
 */
export const PAGE_PATH = /^\/((chats|customers|settings|sign-in)(\/.*)?)?$/;

/** The file that all of them show. */
export const PAGE_FILE = 'index.html';

/** The page that is shown for a file that does not exist. */
export const NOT_FOUND_FILE = '404.html';

/** The names of files in this folder change with their content. */
export const HASHED_PREFIX = '/assets/';
