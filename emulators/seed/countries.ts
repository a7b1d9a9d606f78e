type Names = readonly [string, ...string[]];

/** A country of demo customers: their names, their companies, and numbers that are not in service. */
export interface Country {
  readonly given: Names;
  readonly family: Names;
  readonly cities: Names;
  readonly companies: Names;
  /**
   * National numbers reserved for fiction, each a prefix and a line from 0 up to `lines`: 555-0100 to
   * 555-0199 in any North American area, Ofcom's drama numbers, ARCEP's 06 39 98.
   */
  readonly prefixes: Names;
  readonly lines: number;
  /** Local ways to write a number, given its prefix and last digits. */
  readonly spellings: readonly [Spelling, ...Spelling[]];
}

type Spelling = (prefix: string, line: number) => string;

const two = (line: number) => String(line).padStart(2, '0');
const four = (line: number) => String(line).padStart(4, '0');

const UNITED_STATES: Country = {
  given: [
    'Aaliyah',
    'Ben',
    'Carmen',
    'Darnell',
    'Emily',
    'Frank',
    'Grace',
    'Hector',
    'Imani',
    'Jack',
    'Kayla',
    'Luis',
    'Megan',
    'Nate',
    'Olivia',
    'Priya',
    'Rosa',
    'Sam',
    'Tanya',
    'Wei',
  ],
  family: [
    'Adams',
    "D'Angelo",
    'Chen',
    'Davis',
    'Garcia',
    'Hernández',
    'Jackson',
    'Kim',
    'Lopez',
    'McAllister',
    'Nguyen',
    "O'Brien",
    'Patel',
    'Robinson',
    'Smith',
    'Torres',
    'Washington',
    'Young',
  ],
  cities: ['Boston', 'Chicago', 'Denver', 'Houston', 'New York', 'Portland', 'San Francisco', 'Seattle'],
  companies: [
    'Blue Heron Bakery',
    'Cascade Roofing',
    'Harbor & Sons',
    'Juniper Dental',
    'Lone Star Freight',
    'Maple Street Books',
    'Pine Ridge Vet Clinic',
    'Sunset Solar',
  ],
  prefixes: ['212', '303', '312', '415', '503', '617', '713', '206'],
  lines: 100,
  spellings: [
    (area, line) => `+1${area}55501${two(line)}`,
    (area, line) => `(${area}) 555-01${two(line)}`,
    (area, line) => `${area}.555.01${two(line)}`,
    (area, line) => `${area}-555-01${two(line)}`,
    (area, line) => `+1 ${area} 555 01${two(line)}`,
    (area, line) => `1 (${area}) 555-01${two(line)}`,
  ],
};

const UNITED_KINGDOM: Country = {
  given: [
    'Aisha',
    'Callum',
    'Dilys',
    'Ewan',
    'Fiona',
    'George',
    'Harriet',
    'Imogen',
    'Jamal',
    'Kirsty',
    'Niamh',
    'Oliver',
    'Rhys',
    'Saoirse',
    'Tariq',
    'Zadie',
  ],
  family: [
    'Ahmed',
    'Bennett',
    'Campbell',
    'Davies',
    'Evans',
    'Fraser',
    'Hughes',
    'Khan',
    'Llewellyn',
    'MacLeod',
    "O'Neill",
    'Okafor',
    'Singh',
    'Smythe-Jones',
    'Whitaker',
  ],
  cities: ['Belfast', 'Bristol', 'Cardiff', 'Edinburgh', 'Leeds', 'London', 'Manchester'],
  companies: [
    'Albion Tea',
    'Castle Joinery',
    'Dragon Cycles',
    'Fox & Hound Inns',
    'Northern Lights Electrical',
    'Severn Logistics',
    'Thistle Care Homes',
  ],
  prefixes: ['20 7946 ', '7700 90', '161 496 '],
  lines: 900,
  spellings: [
    (prefix, line) => `+44${`${prefix}${four(line)}`.replace(/ /g, '')}`,
    (prefix, line) => `+44 ${prefix}${four(line)}`,
    (prefix, line) => `0044 ${prefix}${four(line)}`,
    (prefix, line) => `0044${`${prefix}${four(line)}`.replace(/ /g, '')}`,
    (prefix, line) => `+44 (0)${prefix}${four(line)}`,
  ],
};

const FRANCE: Country = {
  given: [
    'Amélie',
    'Baptiste',
    'Camille',
    'Élodie',
    'Fatou',
    'Gaël',
    'Hélène',
    'Inès',
    'Jérôme',
    'Léa',
    'Mehdi',
    'Noémie',
    'Océane',
    'Théo',
    'Yasmine',
  ],
  family: [
    'Ben Salah',
    'Bernard',
    'Chevalier',
    "d'Estaing",
    'Diallo',
    'Dupont',
    'Fontaine',
    'Garnier',
    'Lefèvre',
    'Moreau',
    'Nguyen',
    'Petit',
    'Roux',
  ],
  cities: ['Bordeaux', 'Lille', 'Lyon', 'Marseille', 'Nantes', 'Paris', 'Toulouse'],
  companies: [
    'Atelier Garnier',
    'Boulangerie du Port',
    "Cave de l'Ours",
    'Fromages & Cie',
    'Lumière Optique',
  ],
  prefixes: ['6 39 98 '],
  lines: 10_000,
  spellings: [
    (prefix, line) => `+33${`${prefix}${four(line)}`.replace(/ /g, '')}`,
    (prefix, line) => `+33 ${prefix}${four(line).slice(0, 2)} ${four(line).slice(2)}`,
    (prefix, line) => `0033 ${prefix}${four(line).slice(0, 2)} ${four(line).slice(2)}`,
  ],
};

/** Half of the customers are in the country whose numbers may omit the country code. */
export const COUNTRIES: readonly [Country, ...Country[]] = [
  UNITED_STATES,
  UNITED_STATES,
  UNITED_KINGDOM,
  FRANCE,
];
