// Word documents for walks, written here so that they owe nothing to the program that reads them.
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A zip of stored files, by name. */
function zip(files) {
  const parts = [];
  const index = [];
  let at = 0;
  for (const [name, body] of Object.entries(files)) {
    const data = Buffer.from(body);
    const file = Buffer.from(name);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt32LE(crc32(data), 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt32LE(data.length, 22);
    head.writeUInt16LE(file.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    head.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    parts.push(head, file, data);
    index.push(entry, file);
    at += 30 + file.length + data.length;
  }
  const list = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(index.length / 2, 8);
  end.writeUInt16LE(index.length / 2, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** A Word document: each text is a page of its own; weight is how many bytes of a picture nobody sees lie in it. */
export function docx(pages, weight = 0) {
  const text = (t) => `<w:p><w:r><w:t>${t}</w:t></w:r></w:p>`;
  const body = pages.map((p, i) => (i ? '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' : '') + p.split('\n').map(text).join('')).join('');
  return zip({
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    'word/media/image1.png': randomBytes(weight),
  });
}
