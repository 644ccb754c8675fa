/** The name of a lane's worker tells it which build of the engine to load. */
export const PORTABLE_LANE = 'convlab lane, portable';
export const FAST_LANE = 'convlab lane';
