import {
  ar,
  base,
  cs_CZ,
  da,
  de,
  el,
  en,
  es,
  fa,
  Faker,
  fr,
  he,
  hu,
  it,
  ja,
  ka_GE,
  ko,
  type LocaleDefinition,
  nb_NO,
  ne,
  nl,
  pl,
  pt_BR,
  ro,
  ru,
  sv,
  th,
  tr,
  uk,
  vi,
  yo_NG,
  zh_CN,
  zh_TW,
} from '@faker-js/faker';
import { weighted } from './random.ts';

/** A name, and letters a-z that stand for it in an e-mail address: none when not all of its letters are Latin. */
export interface Name {
  readonly text: string;
  readonly slug: string;
}

type NonEmpty<Item> = readonly [Item, ...Item[]];

/** Parts of names of one locale; a customer's name is put together from them by index. */
export interface NamePool {
  readonly given: NonEmpty<Name>;
  readonly family: NonEmpty<Name>;
  readonly company: NonEmpty<Name>;
  /** What stands between the parts of a full name. */
  readonly separator: '' | ' ';
  readonly isFamilyFirst: boolean;
}

/** Names for all customers: what to pick from, as often as it should occur. */
export interface NamePools {
  readonly locales: NonEmpty<NamePool>;
  readonly english: NamePool;
  /** Latin names for the addresses of customers whose own name has no Latin letters. */
  readonly handles: NonEmpty<Name>;
  readonly salesReps: NonEmpty<string>;
}

const drawsPerPool = 800;
const salesRepCount = 40;
/** Pools are the same for every seed of the data: a seed chooses from them. */
const poolSeed = 20260630;

const givenFirst = { separator: ' ', isFamilyFirst: false } as const;
const familyFirst = { separator: ' ', isFamilyFirst: true } as const;
const familyFirstUnspaced = { separator: '', isFamilyFirst: true } as const;

/** Faker's pools are lists of real names, read once: a call of faker for each customer would cost minutes. */
export function buildNamePools(): NamePools {
  const english = buildPool(en, givenFirst);
  return {
    locales: weighted<NamePool>(
      [english, 6],
      ...[de, fr, es].map((locale) => [buildPool(locale, givenFirst), 3] as const),
      ...[it, pl, ru, ar, pt_BR].map((locale) => [buildPool(locale, givenFirst), 2] as const),
      ...[cs_CZ, da, el, fa, he, ka_GE, nb_NO, ne, nl, ro, sv, th, tr, uk, yo_NG].map(
        (locale) => [buildPool(locale, givenFirst), 1] as const,
      ),
      ...[ja, hu, vi].map((locale) => [buildPool(locale, familyFirst), 1] as const),
      ...[zh_CN, zh_TW, ko].map((locale) => [buildPool(locale, familyFirstUnspaced), 1] as const),
    ),
    english,
    handles: english.given,
    salesReps: buildSalesReps(),
  };
}

function buildPool(
  locale: LocaleDefinition,
  order: Pick<NamePool, 'separator' | 'isFamilyFirst'>,
): NamePool {
  const faker = new Faker({ locale: [locale, en, base], seed: poolSeed });
  return {
    given: drawNames(() => faker.person.firstName()),
    family: drawNames(() => faker.person.lastName()),
    company: drawNames(() => faker.company.name()),
    ...order,
  };
}

function buildSalesReps(): NonEmpty<string> {
  const faker = new Faker({ locale: [en, base], seed: poolSeed });
  return drawDistinct(
    salesRepCount,
    () => `${faker.person.firstName()} ${faker.person.lastName()}`,
  );
}

function drawNames(draw: () => string): NonEmpty<Name> {
  const texts = new Set<string>();
  for (let count = 0; count < drawsPerPool; count++) texts.add(draw().trim());
  return nonEmpty([...texts].map((text) => ({ text, slug: slugOf(text) })));
}

function drawDistinct(count: number, draw: () => string): NonEmpty<string> {
  const texts = new Set<string>();
  while (texts.size < count) texts.add(draw());
  return nonEmpty([...texts]);
}

function nonEmpty<Item>([first, ...rest]: readonly Item[]): NonEmpty<Item> {
  if (first === undefined) throw new RangeError('A pool of names came out empty.');
  return [first, ...rest];
}

/** Letters that no decomposition takes apart into a base letter and a mark. */
const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const longestSlug = 14;

const otherScript = /[^\p{Script=Latin}\P{L}]/u;

function slugOf(text: string): string {
  if (otherScript.test(text)) return '';
  return text
    .toLowerCase()
    .replaceAll(/[ßæøœłđðþı]/gu, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/[^a-z]/gu, '')
    .slice(0, longestSlug);
}
