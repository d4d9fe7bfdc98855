/** Where the server answers, once it has written so; without `/graphql`. */
export function greetedUrl(output: string): string | undefined {
  return /answers at (http:\S+)\/graphql/.exec(output)?.[1];
}
