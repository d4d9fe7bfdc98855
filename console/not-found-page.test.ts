import { expect, it } from 'vitest';
import { notFoundPage } from './not-found-page.ts';

it('the page where there is nothing shows what was asked for as text', () => {
  const path = `/<img src=x onerror="alert(1)">&'`;
  const page = notFoundPage({ path, nearest: '<b>' }, []);
  expect(page).toContain('/&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;');
  expect(page).toContain('Did you mean <code>&lt;b&gt;</code>?');
  expect(page).not.toContain('<b>');
});
