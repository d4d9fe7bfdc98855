#!/usr/bin/env node
const { setFlagsFromString } = require('node:v8') as typeof import('node:v8');

// CommonJS, so that these lines run before Node first uses libuv's thread pool: its size is fixed from then on, and a
// query to the lake keeps one of its threads busy for as long as it runs.
process.env['UV_THREADPOOL_SIZE'] ??= '8';

// V8 lets a heap grow to four times what is alive in it before it looks for what is not: 1.6 GiB under load, of which
// 0.3 were in use. Half as much again costs 2 % of the CPU: bench/SOAK.md.
setFlagsFromString('--heap-growing-percent=50');

void import('./main.js');
