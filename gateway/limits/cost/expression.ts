/** Values of an operation's variables, as they were sent: nobody has checked them yet. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * A part of a cost: a number where the operation alone decides it, else a function of its variables. The functions
 * here work out what they can at once, so that of most operations no function is left.
 */
export type Cost = number | ((variables: Variables) => number);

export function valueOf(cost: Cost, variables: Variables): number {
  return typeof cost === 'number' ? cost : cost(variables);
}

export function sum(costs: readonly Cost[]): Cost {
  let constant = 0;
  const open: Exclude<Cost, number>[] = [];
  for (const cost of costs) {
    if (typeof cost === 'number') constant += cost;
    else open.push(cost);
  }
  if (open.length === 0) return constant;
  return (variables) => {
    let total = constant;
    for (const cost of open) total += cost(variables);
    return total;
  };
}

export function product(left: Cost, right: Cost): Cost {
  if (left === 0 || right === 0) return 0;
  if (left === 1) return right;
  if (right === 1) return left;
  if (typeof left === 'number' && typeof right === 'number') return left * right;
  return (variables) => valueOf(left, variables) * valueOf(right, variables);
}

export function greatest(costs: readonly Cost[]): Cost {
  return chosen(costs, (numbers) => Math.max(0, ...numbers));
}

export function least(costs: readonly [Cost, ...Cost[]]): Cost {
  return chosen(costs, (numbers) => Math.min(...numbers));
}

/** Nothing where the condition does not hold. */
export function onlyIf(condition: boolean | ((variables: Variables) => boolean), cost: Cost): Cost {
  if (condition === true || cost === 0) return cost;
  if (condition === false) return 0;
  return (variables) => (condition(variables) ? valueOf(cost, variables) : 0);
}

function chosen(costs: readonly Cost[], choose: (numbers: readonly number[]) => number): Cost {
  const [only] = costs;
  if (costs.length === 1 && only !== undefined) return only;
  const numbers = costs.filter((cost) => typeof cost === 'number');
  if (numbers.length === costs.length) return choose(numbers);
  return (variables) => choose(costs.map((cost) => valueOf(cost, variables)));
}
