/** The name of a lane's worker determines which engine build it loads. */
export const PORTABLE_LANE = 'convlab lane, portable';
export const FAST_LANE = 'convlab lane';
