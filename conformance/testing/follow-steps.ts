import { expect, it } from 'vitest';
import type { ReadmeReader } from './readme-reader.ts';
import { answeredSteps, type AnsweredStep, type ReadmeStep } from './readme-steps.ts';

/** One test for each step of a page, in their order: somebody does what it says, and compares what comes back. */
export function followSteps(steps: readonly ReadmeStep[], reader: () => ReadmeReader): void {
  const followed = answeredSteps(steps).filter(({ verb }) => verb !== 'settings');
  it.each(followed.map((step) => [`line ${step.line}: ${titleOf(step)}`, step] as const))(
    '%s',
    (_title, step) => follow(step, reader()),
  );
}

async function follow(step: AnsweredStep, reader: ReadmeReader): Promise<void> {
  switch (step.verb) {
    case 'serve':
      return reader.serve(asTributary(step.text));
    case 'run':
      return checkCommand(step, reader);
    case 'ask': {
      const { status: _status, ...answer } = await reader.ask(step.text);
      return expect(answer).toEqual(JSON.parse(step.answer?.text ?? ''));
    }
    case 'file':
      return reader.write(objectOf(step), step.text);
    case 'append':
      return reader.append(objectOf(step), step.text);
    default:
      throw new Error(`The page says "${step.verb}", which no reader understands.`);
  }
}

async function checkCommand(
  { text, object, answer }: AnsweredStep,
  reader: ReadmeReader,
): Promise<void> {
  const { exitCode, output, standardOutput } = await reader.run(text);
  expect({ exitCode, output }).toEqual({ exitCode: object === 'fails' ? 1 : 0, output });
  if (answer?.language === 'json')
    expect(JSON.parse(standardOutput)).toEqual(JSON.parse(answer.text));
  else if (answer !== undefined) expect(output).toBe(answer.text);
}

/** What `npm start` runs; `npm ci` was run before the tests. */
function asTributary(commandLine: string): string {
  return commandLine.replace('npm ci && ', '').replace('npm start', 'tributary serve');
}

function objectOf({ object, line }: AnsweredStep): string {
  if (object === undefined) throw new Error(`Line ${line} of the page names no file.`);
  return object;
}

function titleOf({ verb, object, text }: AnsweredStep): string {
  if (verb === 'file' || verb === 'append') return `${verb} ${object}`;
  return text.replaceAll(/\s+/g, ' ').slice(0, 80);
}
