<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Changes idnumbers of managed objects.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Changes an idnumber and nothing else. Repeating a rename is not an error.
 */
class renamer {
    /**
     * Rename within one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass the course. */
        private readonly \stdClass $course,
    ) {
    }

    /**
     * Rename one object.
     *
     * @param string $kind section, activity, question or questioncategory
     * @param string $from
     * @param string $to
     * @return array {id, action}
     * @throws problem idnumbertaken, unknownsection, unknownactivity, unknownquestion, unknowncategory
     */
    public function rename(string $kind, string $from, string $to): array {
        ownership::require_managed($from);
        ownership::require_managed($to);
        $old = $this->find($kind, $from);
        $new = $this->find($kind, $to);
        if ($from === $to || (!$old && $new)) {
            return outcome::existing($new->id ?? $this->complain($kind, $to), false);
        }
        if (!$old) {
            $this->complain($kind, $from);
        }
        if ($new) {
            throw new problem('idnumbertaken', ['idnumber' => $to, 'courseid' => $this->course->id]);
        }
        $this->write($kind, $old, $to);
        return outcome::existing($old->id, true);
    }

    /**
     * Find the object with an idnumber.
     *
     * @param string $kind
     * @param string $idnumber
     * @return \stdClass|null with id
     */
    private function find(string $kind, string $idnumber): ?\stdClass {
        return match ($kind) {
            'section' => sections::find($this->course->id, $idnumber),
            'activity' => activities::find($this->course->id, $idnumber),
            'question' => $this->find_question($idnumber),
            'questioncategory' => course_bank::find_category($this->course, $idnumber),
        };
    }

    /**
     * Find a question's bank entry.
     *
     * @param string $idnumber
     * @return \stdClass|null with id
     */
    private function find_question(string $idnumber): ?\stdClass {
        $latest = course_bank::latest($this->course)[$idnumber] ?? null;
        return $latest ? (object) ['id' => (int) $latest->entryid] : null;
    }

    /**
     * Write the new idnumber.
     *
     * @param string $kind
     * @param \stdClass $found
     * @param string $idnumber
     */
    private function write(string $kind, \stdClass $found, string $idnumber): void {
        global $DB;
        match ($kind) {
            'section' => sections::rename($found->id, $idnumber),
            'activity' => activities::rename($found, $idnumber),
            'question' => $DB->set_field('question_bank_entries', 'idnumber', $idnumber, ['id' => $found->id]),
            'questioncategory' => $DB->set_field('question_categories', 'idnumber', $idnumber, ['id' => $found->id]),
        };
    }

    /**
     * Throw the error for a missing object.
     *
     * @param string $kind
     * @param string $idnumber
     * @throws problem
     */
    private function complain(string $kind, string $idnumber): never {
        $code = $kind === 'questioncategory' ? 'unknowncategory' : "unknown$kind";
        throw new problem($code, ['idnumber' => $idnumber, 'courseid' => $this->course->id]);
    }
}
