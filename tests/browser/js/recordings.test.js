// Playlists over byte ranges, names of codecs, and where recordings go on after a gap.
import { codecOf, parsePlaylist } from "../../../static/js/public/hls.js";
import { nextRecorded, recordedAt, stretchesOf } from "../../../static/js/recordings/moments.js";
import { equal, test } from "./cases.js";

const LIST = `#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-MAP:URI="../7.mp4",BYTERANGE="900@0"
#EXT-X-PROGRAM-DATE-TIME:2026-11-29T05:00:00.000Z
#EXTINF:6.000,
#EXT-X-BYTERANGE:100@900
../7.mp4
#EXTINF:4.000,
seg-2.m4s
`;

test("a playlist's segments have their bytes and their head's", () => {
  const [first, second] = parsePlaylist(LIST, "/rekaman/3/putar/1-2.m3u8").segments;
  equal([first.range, first.initRange, first.at, first.seconds], ["bytes=900-999", "bytes=0-899", 1_795_928_400, 6]);
  equal(new URL(first.address).pathname, "/rekaman/3/7.mp4");
  equal([second.range, second.seconds], ["", 4]);
});

/** A box of a head, after other bytes. @param {string} kind @param {number[]} content */
const head = (kind, content) => new Uint8Array([0, 0, 0, 9, ...[...kind].map((one) => one.charCodeAt(0)), ...content]).buffer;

test("a codec is named as browsers ask for it", () => {
  equal(codecOf(head("avcC", [1, 0x42, 0xc0, 0x1e, 255])), "avc1.42c01e");
  equal(codecOf(head("hvcC", [1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93, 240])), "hvc1.1.6.L93.90");
});

test("after a gap the first camera that is recorded again goes on", () => {
  const one = stretchesOf({ begins: 100, stretches: [[100, 110, "recorded"], [110, 150, "disk"], [150, 160, "recorded"]] });
  const other = stretchesOf({ begins: 100, stretches: [[100, 110, "recorded"], [110, 130, "camera"], [130, 140, "recorded"]] });
  equal([recordedAt(one, 9), recordedAt(one, 10)], [true, false]);
  equal(nextRecorded([one, other], 12), 30);
  equal(nextRecorded([one, other], 5), 5);
  equal(nextRecorded([one, other], 45), 50);
  equal(nextRecorded([one, other], 61), null);
});
