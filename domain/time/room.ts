/** Numbers to work with, used again and again: getting memory for each question costs more than it. */
export interface Room {
  numbers: Float64Array;
}

export const roomOf = (size: number): Room => ({ numbers: new Float64Array(size) });

/** At least `size` numbers, with what was there before. */
export function makeRoom(room: Room, size: number): Float64Array {
  if (room.numbers.length < size) {
    const larger = new Float64Array(2 * size);
    larger.set(room.numbers);
    room.numbers = larger;
  }
  return room.numbers;
}
