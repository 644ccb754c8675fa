/** `imsmanifest.xml`: what a SCORM package holds. The browser's own serializer writes it, so that every text is escaped. */

export type ScormVersion = '1.2' | '2004';

const SPACES = {
  '1.2': {
    root: 'http://www.imsproject.org/xsd/imscp_rootv1p1p2',
    adlcp: 'http://www.adlnet.org/xsd/adlcp_rootv1p2',
    schema: '1.2',
  },
  '2004': {
    root: 'http://www.imsglobal.org/xsd/imscp_v1p1',
    adlcp: 'http://www.adlnet.org/xsd/adlcp_v1p3',
    schema: '2004 4th Edition',
  },
} as const;

interface Contents {
  identifier: string;
  title: string;
  /** The page that the course system opens. */
  start: string;
  files: readonly string[];
}

export function scormManifest(version: ScormVersion, { identifier, title, start, files }: Contents): string {
  const { root, adlcp, schema } = SPACES[version];
  const document = window.document.implementation.createDocument(root, 'manifest');
  const add = (parent: Element, name: string, attributes: Record<string, string> = {}, text = ''): Element => {
    const element = document.createElementNS(root, name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    if (text) element.textContent = plain(text);
    parent.append(element);
    return element;
  };
  const manifest = document.documentElement;
  manifest.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:adlcp', adlcp);
  manifest.setAttribute('identifier', identifier);
  manifest.setAttribute('version', '1');
  const metadata = add(manifest, 'metadata');
  add(metadata, 'schema', {}, 'ADL SCORM');
  add(metadata, 'schemaversion', {}, schema);
  const organizations = add(manifest, 'organizations', { default: 'course' });
  const organization = add(organizations, 'organization', { identifier: 'course' });
  add(organization, 'title', {}, title);
  const item = add(organization, 'item', { identifier: 'lesson', identifierref: 'lesson-files' });
  add(item, 'title', {}, title);
  const resource = add(add(manifest, 'resources'), 'resource', {
    identifier: 'lesson-files',
    type: 'webcontent',
    href: address(start),
  });
  // The two versions spell this attribute differently.
  resource.setAttributeNS(adlcp, version === '1.2' ? 'adlcp:scormtype' : 'adlcp:scormType', 'sco');
  for (const file of files) add(resource, 'file', { href: address(file) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}\n`;
}

const address = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Without the control characters that XML cannot hold. */
const plain = (text: string): string => text.replace(/[^\P{Cc}\t\n\r]/gu, ' ');
