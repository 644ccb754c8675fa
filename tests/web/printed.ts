/** A document as A4 pages: how many there are, and on which of them its tables, their heads and their rows lie. */
import { writeFileSync } from 'node:fs';
import { chromium, expect } from '@playwright/test';
import { launchOptions } from './browser';

export interface PrintedTable {
  /** The pages that have its head. */
  head: number[];
  /** The pages of each row below the head; a row that is split lies on two. */
  rows: number[][];
}

export interface Printed {
  pages: number;
  tables: PrintedTable[];
  /** The pages of each article. */
  articles: number[][];
}

/** Prints a document, and reads the pages of its parts in the PDF. */
export async function print(html: string, path: string): Promise<Printed> {
  const browser = await chromium.launch(launchOptions([]));
  try {
    const page = await browser.newPage();
    await page.setContent(html);
    // Where the document says its size itself, as a report does, that counts.
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, tagged: true });
    writeFileSync(path, pdf);
    const text = pdf.toString('latin1');
    const [, width = 0, height = 0] = (/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text) ?? []).map(Number);
    expect(Math.max(Math.abs(width - 595.3), Math.abs(height - 841.9)), 'A4, in points').toBeLessThan(1.5);
    return read(text);
  } finally {
    await browser.close();
  }
}

/** Reads the structure tree of a tagged PDF. Chromium writes its objects one after another, uncompressed. */
function read(pdf: string): Printed {
  const objects = new Map(
    [...pdf.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, number = '', text = '']) => [number, text]),
  );
  const pages = [...objects].filter(([, text]) => /\/Type \/Page\b/.test(text)).map(([number]) => number);
  const kindOf = (number: string) => /\/S \/(\w+)/.exec(objects.get(number) ?? '')?.[1] ?? '';
  const partsOf = (number: string): string[] => {
    const text = objects.get(number) ?? '';
    const [, list = ''] = /\/K (\[[\s\S]*\]|<<[\s\S]*>>|\d+ 0 R)/.exec(text) ?? [];
    const parts = [...list.replaceAll(/\/Pg \d+ 0 R/g, '').matchAll(/(\d+) 0 R/g)].map(([, part = '']) => part);
    return parts.filter((part) => objects.get(part)?.includes('/StructElem'));
  };
  const pagesOf = (number: string): number[] => {
    const own = [...(objects.get(number) ?? '').matchAll(/\/Pg (\d+) 0 R/g)].map(
      ([, page = '']) => pages.indexOf(page) + 1,
    );
    return [...new Set([...own, ...partsOf(number).flatMap(pagesOf)])].sort((a, b) => a - b);
  };
  const within = (number: string, kind: string): string[] =>
    partsOf(number).flatMap((part) => (kindOf(part) === kind ? [part] : within(part, kind)));
  const all = (kind: string) => [...objects.keys()].filter((number) => kindOf(number) === kind);
  const tables = all('Table').map((table) => {
    const isHead = (row: string) => partsOf(row).every((cell) => kindOf(cell) === 'TH');
    const [rows, heads] = [within(table, 'TR').filter((row) => !isHead(row)), within(table, 'TR').filter(isHead)];
    return { head: heads.flatMap(pagesOf), rows: rows.map(pagesOf) };
  });
  return { pages: pages.length, tables, articles: all('Art').map(pagesOf) };
}

/** No row is split, and each page that has rows of a table has its head, too. */
export function expectWholeRows({ tables }: Printed): void {
  for (const { head, rows } of tables) {
    expect(rows.filter((pages) => pages.length !== 1)).toEqual([]);
    expect([...new Set(rows.flat())].sort((a, b) => a - b)).toEqual(head);
  }
}
