/** The texts of a packet and of what is said about it, each with its place: as the rules read them. */
import type { TextAt } from '../text/red-flags.ts';
import type { Packet, ReadBack } from './packet.ts';

export const packetTexts = ({
  summary,
  actions,
  situation,
  contingencies,
}: Omit<Packet, 'severity'>): readonly TextAt[] => [
  { place: 'summary', text: summary },
  ...actions.map(({ text }, index) => ({ place: `actions[${index}].text`, text })),
  { place: 'situation', text: situation },
  ...contingencies.flatMap(({ when, response }, index) => [
    { place: `contingencies[${index}].when`, text: when },
    { place: `contingencies[${index}].response`, text: response },
  ]),
];

export const saidTexts = (said: Partial<ReadBack>): readonly TextAt[] =>
  (['firstAction', 'contingency', 'text'] as const).flatMap((place) => {
    const text = said[place];
    return text === undefined ? [] : [{ place, text }];
  });
