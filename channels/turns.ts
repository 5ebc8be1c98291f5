/** A few at once, and the others in turn; who waits too long is told so, and has done nothing yet. */
export interface Turns {
  /** Call what it answers when done; null: no turn came in time. */
  take(): Promise<(() => void) | null>;
}

export interface TurnsOptions {
  readonly atOnceMax: number;
  readonly waitMaxMs: number;
}

export function createTurns({ atOnceMax, waitMaxMs }: TurnsOptions): Turns {
  const waiting = new Set<() => void>();
  let free = atOnceMax;

  const giveBack = (): void => {
    const [next] = waiting;
    if (next) next();
    else free += 1;
  };
  const turn = (): (() => void) => {
    let isOver = false;
    return () => {
      if (!isOver) giveBack();
      isOver = true;
    };
  };

  return {
    take() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(turn());
      }
      return new Promise((resolve) => {
        const called = (): void => {
          clearTimeout(patience);
          waiting.delete(called);
          resolve(turn());
        };
        const patience = setTimeout(() => {
          waiting.delete(called);
          resolve(null);
        }, waitMaxMs);
        waiting.add(called);
      });
    },
  };
}
