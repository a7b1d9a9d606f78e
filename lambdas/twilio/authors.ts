/** The author of a message that no participant wrote. */
export const SYSTEM_AUTHOR = 'system';
