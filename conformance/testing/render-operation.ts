import {
  variantCount,
  type ConditionDraft,
  type IdDraft,
  type OperationDraft,
  type SelectionDraft,
} from './operation-draft.ts';

/** A valid operation with values for its variables. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Fields that take each other's names when a draft swaps names, keys and required fields among them. */
const swappedNames: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['id', 'createdBy'],
    ['name', 'email'],
    ['paymentTerms', 'salesRep'],
    ['accountValue', 'creditLimit'],
    ['issuedOn', 'dueOn'],
  ].flatMap(([one = '', other = '']) => [
    [one, other],
    [other, one],
  ]),
);

/** Writes a draft as text, with only those fragments and variables that it uses, as validation demands. */
export function renderOperation(draft: OperationDraft): RandomOperation {
  const declarations = new Map<string, string>();
  const variables: Record<string, unknown> = {};
  const fragments = new Map<number, string>();
  const body = renderSelections(draft.roots);
  const head = declarations.size === 0 ? '' : `(${[...declarations.values()].join(', ')}) `;
  const texts = [...fragments].map(
    ([index, text]) => `fragment F${index} on ${draft.fragments[index]?.on ?? ''} ${text}`,
  );
  return { query: [`query ${head}${body}`, ...texts].join('\n'), variables };

  function renderSelections(selections: readonly SelectionDraft[]): string {
    return `{ ${selections.map(renderSelection).join(' ')} }`;
  }

  function renderSelection(selection: SelectionDraft): string {
    const condition = renderCondition(selection.condition);
    switch (selection.kind) {
      case 'field': {
        const { name, isLookup, variant, selections } = selection;
        const given = isLookup ? `(id: ${renderId(variant)})` : '';
        const inner = selections.length === 0 ? '' : ` ${renderSelections(selections)}`;
        return `${renderAlias(name, variant)}${name}${given}${condition}${inner}`;
      }
      case 'inline': {
        const on = selection.on === undefined ? '' : ` on ${selection.on}`;
        return `...${on}${condition} ${renderSelections(selection.selections)}`;
      }
      case 'spread':
        renderFragment(selection.fragment);
        return `...F${selection.fragment}${condition}`;
    }
  }

  function renderFragment(index: number): void {
    if (fragments.has(index)) return;
    // Before its text, since that may spread others: the order of definitions is free.
    fragments.set(index, '');
    fragments.set(index, renderSelections(draft.fragments[index]?.selections ?? []));
  }

  function renderAlias(name: string, variant: number): string {
    const swapped = draft.swapsNames ? (swappedNames[name] ?? name) : name;
    const suffix = variant === 0 ? '' : `_${variant}`;
    const responseKey = suffix === '' ? swapped : `${swapped.replace(/^__/, '')}${suffix}`;
    return responseKey === name ? '' : `${responseKey}: `;
  }

  function renderCondition(condition: ConditionDraft | undefined): string {
    if (condition === undefined) return '';
    const { directive, value } = condition;
    if (typeof value === 'boolean') return ` @${directive}(if: ${value})`;
    const name = `c${value}`;
    const { defaultValue, value: given } = draft.conditions[value] ?? { defaultValue: true };
    const type = defaultValue === undefined ? 'Boolean!' : `Boolean = ${defaultValue}`;
    declarations.set(name, `$${name}: ${type}`);
    if (given !== undefined) variables[name] = given;
    return ` @${directive}(if: $${name})`;
  }

  function renderId(variant: number): string {
    const { id, form } = draft.ids[variant % variantCount] ?? { id: '', form: 'literal' };
    const number = /^[1-9]$/.test(id) ? Number(id) : undefined;
    const literal = JSON.stringify(id);
    if (form === 'literal') return literal;
    if (form === 'number literal') return String(number ?? literal);
    const name = `id${variant}`;
    declarations.set(name, `$${name}: ${declaredType(form, literal)}`);
    if (form !== 'default') variables[name] = form === 'number variable' ? (number ?? id) : id;
    return `$${name}`;
  }
}

function declaredType(form: IdDraft['form'], literal: string): string {
  if (form === 'default') return `ID! = ${literal}`;
  return form === 'overridden default' ? 'ID = "1"' : 'ID!';
}
