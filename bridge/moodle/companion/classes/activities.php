<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Finds, moves and renames managed activities.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Finds activities by the idnumber of their course module.
 */
class activities {
    /**
     * Find the activity with an idnumber. Activities that are being deleted don't count.
     *
     * @param int $courseid
     * @param string $idnumber
     * @return \stdClass|null the course_modules record, with modname
     */
    public static function find(int $courseid, string $idnumber): ?\stdClass {
        global $DB;
        $sql = "SELECT cm.*, m.name AS modname
                  FROM {course_modules} cm
                  JOIN {modules} m ON m.id = cm.module
                 WHERE cm.course = :courseid AND cm.idnumber = :idnumber AND cm.deletioninprogress = 0
              ORDER BY cm.id";
        $found = $DB->get_records_sql($sql, ['courseid' => $courseid, 'idnumber' => $idnumber], 0, 1);
        return reset($found) ?: null;
    }

    /**
     * Find the activity with an idnumber, or throw.
     *
     * @param int $courseid
     * @param string $idnumber
     * @return \stdClass the course_modules record, with modname
     * @throws problem notmanaged, unknownactivity
     */
    public static function require(int $courseid, string $idnumber): \stdClass {
        ownership::require_managed($idnumber);
        $cm = self::find($courseid, $idnumber);
        if (!$cm) {
            throw new problem('unknownactivity', ['idnumber' => $idnumber, 'courseid' => $courseid]);
        }
        return $cm;
    }

    /**
     * Move an activity to the end of a section, unless it is already there. Its own visibility does not change.
     *
     * @param \stdClass $cm
     * @param \stdClass $section
     * @return bool whether it was moved
     */
    public static function put_in(\stdClass $cm, \stdClass $section): bool {
        if ((int) $cm->section === (int) $section->id) {
            return false;
        }
        self::move($cm->id, $section->id, null);
        return true;
    }

    /**
     * Move an activity within its section or to another one. Its own visibility does not change.
     *
     * @param int $cmid
     * @param int $sectionid the target section
     * @param int|null $beforecmid the activity to put it before; null: at the end
     */
    public static function move(int $cmid, int $sectionid, ?int $beforecmid): void {
        global $DB;
        $cm = get_coursemodule_from_id('', $cmid, 0, false, MUST_EXIST);
        $from = $DB->get_record('course_sections', ['id' => $cm->section], '*', MUST_EXIST);
        $to = $DB->get_record('course_sections', ['id' => $sectionid], '*', MUST_EXIST);
        $visible = visibility::of_activity((bool) $from->visible, $cm);
        moveto_module($cm, $to, $beforecmid);
        visibility::set_activity($cmid, $visible);
    }

    /**
     * Change the idnumber of an activity and of its grade item, and nothing else.
     *
     * @param \stdClass $cm with modname
     * @param string $idnumber
     */
    public static function rename(\stdClass $cm, string $idnumber): void {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        set_coursemodule_idnumber($cm->id, $idnumber);
        $item = self::grade_item($cm);
        if ($item) {
            $item->idnumber = $idnumber;
            $item->update();
        }
    }

    /**
     * The main grade item of an activity.
     *
     * @param \stdClass $cm with modname
     * @return \grade_item|null
     */
    public static function grade_item(\stdClass $cm): ?\grade_item {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        return \grade_item::fetch([
            'itemtype' => 'mod',
            'itemmodule' => $cm->modname,
            'iteminstance' => $cm->instance,
            'itemnumber' => 0,
            'courseid' => $cm->course,
        ]) ?: null;
    }
}
