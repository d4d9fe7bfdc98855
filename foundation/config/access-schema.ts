import { z } from 'zod';

/** Key sets decide who is let in, so they come over an authenticated connection or from this machine. */
const jwksUrl = z
  .url({ protocol: /^https?$/ })
  .refine(
    (url) => /^(https:|http:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))/.test(url),
    'a key set is fetched with https, or with http from this machine',
  );

const jwt = z
  .strictObject({
    jwksUrl: jwksUrl.optional().describe("Address of the issuer's key set (JWKS)."),
    jwksFile: z.string().min(1).optional().describe("File with the issuer's key set (JWKS)."),
    issuer: z.string().min(1).describe('The issuer (iss) that tokens must name.'),
    audience: z.string().min(1).describe('The audience (aud) that tokens must name.'),
    policiesClaim: z
      .string()
      .min(1)
      .optional()
      .describe(
        'The claim of tokens that lists the policies of their bearer, for @policy of a supergraph file.',
      ),
    clockToleranceSeconds: z
      .int()
      .min(0)
      .max(300)
      .default(5)
      .describe("How far the issuer's clock may differ from ours, in seconds."),
  })
  .refine(({ jwksUrl: url, jwksFile: file }) => (url === undefined) !== (file === undefined), {
    message: 'give either jwksUrl or jwksFile',
  })
  .describe('Accept JSON Web Tokens of one issuer.');

export const access = z
  .strictObject({ jwt: jwt.optional() })
  .prefault({})
  .describe('How callers are known, besides API keys.');
