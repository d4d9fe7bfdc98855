import type { Schemas } from './inline-project.ts';

/** Domains with what lists are put in order by: columns of every type, with ties and gaps, neighbours and figures. */
export const studioSchemas: Schemas = {
  identity: `
    type Artist @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
    type Query { artist(id: ID!): Artist }`,
  catalogue: `
    scalar Decimal scalar DateTime scalar Date scalar BigInt
    type Artist @key(fields: "id") @table {
      id: ID!
      worth: Decimal @column(type: "DECIMAL(18,2)")
      rate: Float
      level: Int
      streams: BigInt
      seenAt: DateTime
      bornOn: Date
      isActive: Boolean
      tier: Tier
      alias: String
      agent: Artist @relation(columns: ["agent_id"])
      albums: [Album!]! @relation(columns: ["artist_id"])
    }
    enum Tier { LOW HIGH }
    type Album @key(fields: "id") @table {
      id: ID! @column(type: "BIGINT")
      title: String
      price: Decimal @column(type: "DECIMAL(18,2)")
      artist: Artist! @relation(columns: ["artist_id"])
      producer: Artist @relation(columns: ["producer_id"])
      tracks: [Track!]! @relation(columns: ["album_id"])
    }
    type Track @key(fields: "album position") @table {
      album: ID! @column(name: "album_id", type: "BIGINT")
      position: Int!
      length: Int
    }`,
};

const artists = [
  '12.50,0.5,1,9007199254740993,2024-03-31T01:00:00Z,2000-01-01,true,HIGH,Ada,A02',
  '12.50,-0.0,1,,2024-03-31T01:00:00Z,,false,LOW,ada,A01',
  ',0.0,,7,,1999-12-31,,HIGH,,',
  '-3.00,NaN,2,7,1969-12-31T23:59:59.999999Z,2000-01-01,true,,"",A02',
  '0.00,,2,-7,2024-03-31T01:00:00.000001Z,,true,LOW,Ärmel,A01',
  ',Infinity,1,,,,,,zebra,',
  '12.50,-Infinity,,9007199254740992,,2038-01-19,false,HIGH,Zebra,A06',
  '100000000000000.01,0.5,-5,0,2024-03-31T01:00:00Z,2000-01-01,,LOW,ada,A03',
  ',,,,,,,,,A03',
  '12.49,1e300,1,7,1969-12-31T23:59:59.999999Z,,false,LOW,Ada,A01',
  ',NaN,2,,,1999-12-31,true,,😀,A03',
];

/** Artist A12 has no row in the catalogue. Keys of albums are numbers, whose order is not that of their digits. */
export const studioRows: Readonly<Record<string, string>> = {
  'identity/artist.csv': lines(
    'id,name',
    [...artists, ''].map((_, index) => `${keyOf(index)},Name ${index % 3}`).toReversed(),
  ),
  'catalogue/artist.csv': lines(
    'id,worth,rate,level,streams,seen_at,born_on,is_active,tier,alias,agent_id',
    artists.map((values, index) => `${keyOf(index)},${values}`),
  ),
  'catalogue/album.csv': lines(
    'id,title,price,artist_id,producer_id',
    Array.from({ length: 25 }, (_, index) => {
      const price = index % 4 === 0 ? '' : `${(index * 7) % 5}.50`;
      const producer = index % 3 === 0 ? '' : keyOf((index * 5) % 9);
      return `${index + 1},Title ${index % 4},${price},${keyOf((index * index) % 7)},${producer}`;
    }),
  ),
  'catalogue/track.csv': lines(
    'album_id,position,length',
    Array.from({ length: 40 }, (_, index) => {
      const length = index % 5 === 0 ? '' : String((index * 3) % 7);
      return `${(index % 11) + 1},${Math.floor(index / 11) + 1},${length}`;
    }),
  ),
};

function keyOf(index: number): string {
  return `A${String(index + 1).padStart(2, '0')}`;
}

function lines(header: string, rows: readonly string[]): string {
  return `${[header, ...rows].join('\n')}\n`;
}
