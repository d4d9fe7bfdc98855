/** One fenced block of the README. The words behind its language say what a reader does with it. */
export interface ReadmeStep {
  /** `run`, `ask`, `serve`, `file`, `append`, `settings`, `answer`; undefined for a block that is only looked at. */
  readonly verb: string | undefined;
  /** What stands behind the verb: `supergraph.yaml` in `append=supergraph.yaml`, `fails` in `run fails`. */
  readonly object: string | undefined;
  readonly language: string;
  readonly text: string;
  /** Line of the README on which the block begins. */
  readonly line: number;
}

/** A step together with the answer that the README prints below it. */
export interface AnsweredStep extends ReadmeStep {
  readonly answer: ReadmeStep | undefined;
}

/** Every block of a Markdown text, in its order. */
export function readmeSteps(markdown: string): readonly ReadmeStep[] {
  const fences = markdown.matchAll(/^```(?<info>\S.*)\n(?<text>[\s\S]*?)^```$/gm);
  return [...fences].map(({ index, groups }) => {
    const [language = '', verb, object] = (groups?.['info'] ?? '').split(/[ =]/);
    const line = markdown.slice(0, index).split('\n').length;
    return { verb, object, language, text: groups?.['text'] ?? '', line };
  });
}

/** The steps that a reader follows, each with its answer. */
export function answeredSteps(steps: readonly ReadmeStep[]): readonly AnsweredStep[] {
  return steps.flatMap((step, position) => {
    if (step.verb === 'answer' || step.verb === undefined) return [];
    const next = steps[position + 1];
    return [{ ...step, answer: next?.verb === 'answer' ? next : undefined }];
  });
}
