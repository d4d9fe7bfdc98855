#!/usr/bin/env node
// CommonJS, so that this line runs before Node first uses libuv's thread pool: its size is fixed from then on, and a
// query to the lake keeps one of its threads busy for as long as it runs.
process.env['UV_THREADPOOL_SIZE'] ??= '8';

void import('./main.js');
