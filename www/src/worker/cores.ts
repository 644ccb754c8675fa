/** The engine cuts every batch into this many shards. */
const SHARDS = 8;

/** How many workers train where there are so many cores: a power of two, one a shard at most. */
export const lanesOf = (cores: number): number => 2 ** Math.floor(Math.log2(Math.min(Math.max(cores, 1), SHARDS)));
