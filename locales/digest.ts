/** What the message of a digest is called; its words are made of practices, item by item. */
export const digestKey = 'digest.ready';
