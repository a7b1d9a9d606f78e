/** How often the sweep looks for conversations that the index does not have, and for chats without a worker. */
export const SWEEP_MINUTES = 5;
