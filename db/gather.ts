/** Several things of one kind in one statement: what is asked for while one is under way goes along in the next. */

export interface Gathering<Item, Answer> {
  /** What it has no answer for, it has not touched. It waits for nobody. */
  readonly together: (items: readonly Item[]) => Promise<ReadonlyMap<Item, Answer>>;
  /** For what could not go with others: nobody else waits for it, and its failure is its own. */
  readonly alone: (item: Item) => Promise<Answer>;
  /** Of a lot that failed as a whole: done one by one it is slower, and nothing else would show it. */
  readonly onFailure: (error: unknown) => void;
  readonly atOnceMax: number;
}

interface Asked<Item, Answer> {
  readonly item: Item;
  readonly answer: PromiseWithResolvers<Answer>;
}

export function gathered<Item, Answer>(
  gathering: Gathering<Item, Answer>,
): (item: Item) => Promise<Answer> {
  const { together, alone, onFailure, atOnceMax } = gathering;
  const waiting: Asked<Item, Answer>[] = [];
  let isUnderWay = false;

  async function go(lot: readonly Asked<Item, Answer>[]): Promise<void> {
    const answers = await together(lot.map(({ item }) => item)).catch((error: unknown) => {
      onFailure(error);
      return new Map<Item, Answer>();
    });
    for (const { item, answer } of lot) {
      if (answers.has(item)) answer.resolve(answers.get(item) as Answer);
      else alone(item).then(answer.resolve, answer.reject);
    }
  }
  async function empty(): Promise<void> {
    isUnderWay = true;
    while (waiting.length > 0) await go(waiting.splice(0, atOnceMax));
    isUnderWay = false;
  }
  return (item) => {
    const answer = Promise.withResolvers<Answer>();
    waiting.push({ item, answer });
    if (!isUnderWay) void empty();
    return answer.promise;
  };
}
