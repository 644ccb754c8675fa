/** A column of a chart or a table: one number per row, null where there is none. */
export type Column = (number | null)[];
