<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Saves a quiz.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use mod_quiz\quiz_settings;

/**
 * A quiz. It is complete once passed.
 */
class quiz_writer extends activity_writer {
    /**
     * Describe the desired quiz.
     *
     * @param \stdClass $course
     * @param string $name
     * @param string $intro HTML
     * @param float $pass per cent; 0: any grade will do
     * @param string[] $questions idnumbers of questions that were imported, in order
     * @throws problem nametoolong, badpass
     */
    public function __construct(
        \stdClass $course,
        string $name,
        string $intro,
        /** @var float the pass mark in per cent. */
        private readonly float $pass,
        /** @var string[] question idnumbers in order. */
        private readonly array $questions,
    ) {
        global $CFG;
        require_once($CFG->dirroot . '/mod/quiz/lib.php');
        require_once($CFG->dirroot . '/mod/quiz/locallib.php');
        parent::__construct($course, $name, $intro);
        if ($pass < 0 || $pass > quiz_policy::MAX_GRADE) {
            throw new problem('badpass', $pass);
        }
    }

    #[\Override]
    protected function modname(): string {
        return 'quiz';
    }

    #[\Override]
    protected function columns(): array {
        return quiz_policy::columns();
    }

    #[\Override]
    protected function form(): array {
        return quiz_policy::form() + ['grade' => quiz_policy::MAX_GRADE, 'gradepass' => $this->pass];
    }

    #[\Override]
    protected function completion(): array {
        return [
            'completion' => COMPLETION_TRACKING_AUTOMATIC,
            'completionview' => COMPLETION_VIEW_NOT_REQUIRED,
            'completionpassgrade' => (int) ($this->pass > 0),
            'completiongradeitemnumber' => 0,
        ];
    }

    #[\Override]
    protected function differs_elsewhere(\stdClass $cm): bool {
        return abs($this->pass_of($cm) - $this->pass) > 0.00001;
    }

    /**
     * Create or update the quiz and its list of questions.
     *
     * @param \stdClass $section
     * @param string $idnumber
     * @param bool $visible
     * @return array {id, action}
     * @throws problem unknownquestion, quizhasattempts: before anything was written
     */
    #[\Override]
    public function save(\stdClass $section, string $idnumber, bool $visible): array {
        $wanted = course_bank::require_entries($this->course, $this->questions);
        $cm = activities::find($this->course->id, $idnumber);
        if ($cm && $cm->modname === 'quiz') {
            (new quiz_questions($cm))->require_changeable_to($wanted);
        }
        $passbefore = $cm ? $this->pass_of($cm) : $this->pass;
        $result = parent::save($section, $idnumber, $visible);
        $cm = activities::require($this->course->id, $idnumber);
        $changed = $this->restore_max_grade($cm);
        $changed = (new quiz_questions($cm))->become($wanted) || $changed;
        if ($this->pass < $passbefore) {
            $this->credit_those_who_pass_now($cm);
        }
        if ($changed && $result['action'] === outcome::UNCHANGED) {
            $result['action'] = outcome::UPDATED;
        }
        return $result;
    }

    /**
     * The current pass mark of a quiz.
     *
     * @param \stdClass $cm
     * @return float -1 when the quiz has no grade at all
     */
    private function pass_of(\stdClass $cm): float {
        return (float) (activities::grade_item($cm)?->gradepass ?? -1);
    }

    /**
     * Restore the maximum grade of 100, which update_moduleinfo() doesn't change.
     *
     * @param \stdClass $cm
     * @return bool whether anything was written
     */
    private function restore_max_grade(\stdClass $cm): bool {
        global $DB;
        $stored = $DB->get_record('quiz', ['id' => $cm->instance], 'id, grade', MUST_EXIST);
        if (!difference::any($stored, ['grade' => quiz_policy::MAX_GRADE])) {
            return false;
        }
        quiz_settings::create($cm->instance)->get_grade_calculator()->update_quiz_maximum_grade(quiz_policy::MAX_GRADE);
        return true;
    }

    /**
     * A lower pass mark also applies to existing attempts. A higher one takes no completion away.
     *
     * @param \stdClass $cm
     */
    private function credit_those_who_pass_now(\stdClass $cm): void {
        global $DB;
        $completion = new \completion_info($this->course);
        $cminfo = get_fast_modinfo($this->course)->get_cm($cm->id);
        $sql = "SELECT g.userid
                  FROM {grade_grades} g
             LEFT JOIN {course_modules_completion} c ON c.userid = g.userid AND c.coursemoduleid = :cmid
                 WHERE g.itemid = :itemid AND g.finalgrade >= :pass
                       AND COALESCE(c.completionstate, 0) NOT IN (:complete, :passed)";
        $late = $DB->get_fieldset_sql($sql, [
            'cmid' => $cm->id,
            'itemid' => activities::grade_item($cm)->id,
            'pass' => $this->pass,
            'complete' => COMPLETION_COMPLETE,
            'passed' => COMPLETION_COMPLETE_PASS,
        ]);
        foreach ($late as $userid) {
            $completion->update_state($cminfo, COMPLETION_UNKNOWN, $userid);
        }
    }
}
