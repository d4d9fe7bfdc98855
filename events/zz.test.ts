import { test } from 'vitest';
import { sql } from '../lake/sql.ts';
import { openEvents } from './testing/open-events.ts';
test('x', async () => {
    const { subscribe, lake } = await openEvents();
    await subscribe({ url: 'http://a.b/' });
    console.log((await lake.read(sql`SELECT entities, types, length(entities), secret, url, name FROM events.subscriber`)).columns);
});
