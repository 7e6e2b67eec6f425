<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The images of a text.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Stores the images that a text shows in the file area of that text. The text refers to them as @@PLUGINFILE@@/name.
 */
class text_images {
    /** @var int the largest image in bytes. */
    private const LARGEST = 512 * 1024;

    /** @var int[] the accepted kinds of images. */
    private const KINDS = [IMAGETYPE_PNG, IMAGETYPE_JPEG, IMAGETYPE_GIF, IMAGETYPE_WEBP];

    /** @var string[] name => content. */
    private readonly array $contents;

    /**
     * The images that a text should have.
     *
     * @param array $files list of {name, content: base64}
     * @throws problem badfile
     */
    public function __construct(array $files = []) {
        $contents = [];
        foreach ($files as $file) {
            if (isset($contents[$file['name']])) {
                throw new problem('badfile', ['name' => $file['name'], 'max' => display_size(self::LARGEST)]);
            }
            $contents[$file['name']] = self::decode($file['name'], $file['content']);
        }
        $this->contents = $contents;
    }

    /**
     * Whether the area has other files than these.
     *
     * @param int $contextid
     * @param string $component e.g. "mod_page"
     * @param string $area e.g. "content"
     * @param int $itemid
     * @return bool
     */
    public function differ(int $contextid, string $component, string $area, int $itemid = 0): bool {
        return self::stored($contextid, $component, $area, $itemid) != array_map('sha1', $this->contents);
    }

    /**
     * Store these images in the area, and remove other files from it.
     *
     * @param int $contextid
     * @param string $component
     * @param string $area
     * @param int $itemid
     * @return bool whether anything was written
     */
    public function store(int $contextid, string $component, string $area, int $itemid = 0): bool {
        if (!$this->differ($contextid, $component, $area, $itemid)) {
            return false;
        }
        $storage = get_file_storage();
        foreach ($storage->get_area_files($contextid, $component, $area, $itemid, 'id', false) as $file) {
            $path = ltrim($file->get_filepath(), '/') . $file->get_filename();
            if (($this->contents[$path] ?? null) === null || sha1($this->contents[$path]) !== $file->get_contenthash()) {
                $file->delete();
            }
        }
        $place = ['contextid' => $contextid, 'component' => $component, 'filearea' => $area, 'itemid' => $itemid];
        foreach ($this->contents as $name => $content) {
            if (!$storage->file_exists($contextid, $component, $area, $itemid, '/', $name)) {
                $storage->create_file_from_string($place + ['filepath' => '/', 'filename' => $name], $content);
            }
        }
        return true;
    }

    /**
     * The files of many texts in one query.
     *
     * @param string $component e.g. "mod_page"
     * @param string $area
     * @param int $contextlevel CONTEXT_COURSE or CONTEXT_MODULE
     * @param int[] $instances ids of courses or course modules
     * @return array instance id => item id => list of {name, hash}
     */
    public static function report(string $component, string $area, int $contextlevel, array $instances): array {
        global $DB;
        if (!$instances) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($instances, SQL_PARAMS_NAMED);
        $sql = "SELECT f.id, x.instanceid, f.itemid, f.filepath, f.filename, f.contenthash
                  FROM {files} f
                  JOIN {context} x ON x.id = f.contextid AND x.contextlevel = :contextlevel AND x.instanceid $in
                 WHERE f.component = :component AND f.filearea = :area AND f.filename <> '.'
              ORDER BY f.filepath, f.filename";
        $found = [];
        $params += ['contextlevel' => $contextlevel, 'component' => $component, 'area' => $area];
        foreach ($DB->get_records_sql($sql, $params) as $file) {
            $name = ltrim($file->filepath, '/') . $file->filename;
            $found[$file->instanceid][$file->itemid][] = ['name' => $name, 'hash' => $file->contenthash];
        }
        return $found;
    }

    /**
     * The files of an area.
     *
     * @param int $contextid
     * @param string $component
     * @param string $area
     * @param int $itemid
     * @return string[] name => SHA-1 of the content
     */
    private static function stored(int $contextid, string $component, string $area, int $itemid): array {
        $stored = [];
        foreach (get_file_storage()->get_area_files($contextid, $component, $area, $itemid, 'id', false) as $file) {
            $stored[ltrim($file->get_filepath(), '/') . $file->get_filename()] = $file->get_contenthash();
        }
        return $stored;
    }

    /**
     * Decode an image.
     *
     * @param string $name
     * @param string $base64
     * @return string the content
     * @throws problem badfile
     */
    private static function decode(string $name, string $base64): string {
        $content = base64_decode($base64, true);
        $info = $content ? @getimagesizefromstring($content) : false;
        if (
            !$info || !in_array($info[2], self::KINDS, true) || strlen($content) > self::LARGEST
            || $name === '' || clean_param($name, PARAM_FILE) !== $name
        ) {
            throw new problem('badfile', ['name' => $name, 'max' => display_size(self::LARGEST)]);
        }
        return $content;
    }
}
