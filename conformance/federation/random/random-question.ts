import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from '../../oracle/random.ts';

export interface RandomQuestion {
  readonly query: string;
  readonly variables: Readonly<Record<string, boolean>>;
}

/** Fields with arguments out of the context are few, and always asked for; so is what leads there. */
function isContextual(name: string): boolean {
  return /^z?x\d/.test(name);
}

/**
 * A valid question with aliases, fragments of both kinds, conditions by literal and by variable.
 *
 * @param name of the operation, which the gateway gives to its fetches; empty for none
 */
export function randomQuestion(
  schema: GraphQLSchema,
  random: Random,
  name: string,
): RandomQuestion {
  const fragments: string[] = [];
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema has no root fields.');
  const roots = random.shuffle(Object.values(query.getFields())).slice(0, 1 + random.below(2));
  const text = roots.map(({ name, type }) => {
    if (!isCompositeType(getNamedType(type))) return `${aliasOf(name)}${name}${condition()}`;
    const inner = selections(getNamedType(type) as GraphQLCompositeType, 1 + random.below(4));
    return `${aliasOf(name)}${name}${condition()} { ${inner} }`;
  });
  const variables = { yes: random.isTrue(0.5), no: random.isTrue(0.5) };
  const head = `query ${name}($yes: Boolean!, $no: Boolean = false)`;
  // Each variable has to be used.
  const used = 'one: __typename @include(if: $yes) two: __typename @skip(if: $no)';
  return { query: [`${head} { ${used} ${text.join(' ')} }`, ...fragments].join('\n'), variables };

  function selections(type: GraphQLCompositeType, levels: number): string {
    const parts: string[] = random.isTrue(0.3) ? [`${aliasOf('__typename')}__typename`] : [];
    const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
    const shuffled = random.shuffle(fields);
    const count = 1 + random.below(4);
    const chosen = shuffled.filter(({ name }, index) => index < count || isContextual(name));
    for (const { name, type: fieldType } of chosen) {
      const below = getNamedType(fieldType);
      if (!isCompositeType(below)) parts.push(`${aliasOf(name)}${name}${condition()}`);
      else if (levels > 0)
        parts.push(`${aliasOf(name)}${name}${condition()} { ${selections(below, levels - 1)} }`);
    }
    if (levels > 0) parts.push(...fragmentsIn(type, levels - 1));
    return parts.length === 0 ? '__typename' : parts.join(' ');
  }

  function fragmentsIn(type: GraphQLCompositeType, levels: number): readonly string[] {
    const inside = isAbstractType(type)
      ? schema.getPossibleTypes(type)
      : isObjectType(type)
        ? type.getInterfaces()
        : [];
    const wished = isAbstractType(type) ? 0.7 : 0.15;
    return [type, ...inside].flatMap((on) => {
      const probability = on === type ? 0.1 : isInterfaceType(on) ? 0.3 : wished;
      if (!random.isTrue(probability)) return [];
      const body = `on ${on.name}${random.isTrue(0.2) ? condition() : ''}`;
      if (random.isTrue(0.6)) return [`... ${body} { ${selections(on, levels)} }`];
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] =
        `fragment ${name} on ${on.name} { ${selections(on, levels)} }`;
      return [`...${name}${condition()}`];
    });
  }

  /** Always the same one for a field, so that what is selected twice can be merged. */
  function aliasOf(name: string): string {
    return random.isTrue(0.15) ? `a_${name.replace('__', '')}: ` : '';
  }

  function condition(): string {
    if (!random.isTrue(0.12)) return '';
    const value = random.pick(['$yes', '$no', 'true', 'false']);
    return ` @${random.pick(['include', 'skip'])}(if: ${value})`;
  }
}
