<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Finds, creates and updates managed course sections.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_courseformat\formatactions;

/**
 * Moodle has no idnumber for sections, so the table local_stewardpath_section stores it.
 */
class sections {
    /** @var string the plugin's table of badges. */
    private const MAP = 'local_stewardpath_section';

    /**
     * Find the section with an idnumber.
     *
     * @param int $courseid
     * @param string $idnumber
     * @return \stdClass|null the course_sections record
     */
    public static function find(int $courseid, string $idnumber): ?\stdClass {
        global $DB;
        $sql = "SELECT s.*
                  FROM {local_stewardpath_section} m
                  JOIN {course_sections} s ON s.id = m.sectionid AND s.course = m.courseid
                 WHERE m.courseid = :courseid AND m.idnumber = :idnumber";
        return $DB->get_record_sql($sql, ['courseid' => $courseid, 'idnumber' => $idnumber]) ?: null;
    }

    /**
     * Find the section with an idnumber, or throw.
     *
     * @param int $courseid
     * @param string $idnumber
     * @return \stdClass the course_sections record
     * @throws problem notmanaged, unknownsection
     */
    public static function require(int $courseid, string $idnumber): \stdClass {
        ownership::require_managed($idnumber);
        $section = self::find($courseid, $idnumber);
        if (!$section) {
            throw new problem('unknownsection', ['idnumber' => $idnumber, 'courseid' => $courseid]);
        }
        return $section;
    }

    /**
     * Create the section at the end of the course, or update it.
     *
     * @param \stdClass $course
     * @param string $idnumber
     * @param string $name
     * @param string $summary HTML
     * @param bool $visible
     * @param text_images $images those of its summary
     * @return array {id, action}
     * @throws problem noname, nametoolong
     */
    public static function save(
        \stdClass $course,
        string $idnumber,
        string $name,
        string $summary,
        bool $visible,
        text_images $images,
    ): array {
        names::require_fit($name);
        $section = self::find($course->id, $idnumber);
        $isnew = !$section;
        if ($isnew) {
            $section = formatactions::section($course)->create();
            self::remember($section->id, $course->id, $idnumber);
        }
        $changed = self::write($course, $section, [
            'name' => $name,
            'summary' => $summary,
            'summaryformat' => (int) FORMAT_HTML,
        ]);
        $context = \context_course::instance($course->id);
        $changed = $images->store($context->id, 'course', 'section', (int) $section->id) || $changed;
        $changed = visibility::set_section($course, $section->id, $visible) || $changed;
        return $isnew ? outcome::created($section->id) : outcome::existing($section->id, $changed);
    }

    /**
     * Update a section's texts if they differ.
     *
     * @param \stdClass $course
     * @param \stdClass $section
     * @param array $wanted field => value
     * @return bool whether anything was written
     */
    private static function write(\stdClass $course, \stdClass $section, array $wanted): bool {
        if (!difference::any($section, $wanted)) {
            return false;
        }
        $info = get_fast_modinfo($course)->get_section_info_by_id($section->id, MUST_EXIST);
        formatactions::section($course)->update($info, $wanted);
        return true;
    }

    /**
     * Store a section's idnumber. This replaces the row of a deleted section.
     *
     * @param int $sectionid
     * @param int $courseid
     * @param string $idnumber
     */
    private static function remember(int $sectionid, int $courseid, string $idnumber): void {
        global $DB;
        $DB->delete_records(self::MAP, ['courseid' => $courseid, 'idnumber' => $idnumber]);
        $DB->delete_records(self::MAP, ['sectionid' => $sectionid]);
        $DB->insert_record(self::MAP, ['sectionid' => $sectionid, 'courseid' => $courseid, 'idnumber' => $idnumber]);
    }

    /**
     * Change a section's idnumber and nothing else.
     *
     * @param int $sectionid
     * @param string $idnumber
     */
    public static function rename(int $sectionid, string $idnumber): void {
        global $DB;
        $DB->set_field(self::MAP, 'idnumber', $idnumber, ['sectionid' => $sectionid]);
    }

    /**
     * Delete the row of a deleted section.
     *
     * @param int $sectionid
     */
    public static function forget(int $sectionid): void {
        global $DB;
        $DB->delete_records(self::MAP, ['sectionid' => $sectionid]);
    }

    /**
     * Delete the rows of all sections of a deleted course.
     *
     * @param int $courseid
     */
    public static function forget_course(int $courseid): void {
        global $DB;
        $DB->delete_records(self::MAP, ['courseid' => $courseid]);
    }
}
