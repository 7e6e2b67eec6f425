<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Imports new questions, and new versions of changed questions.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_question\local\bank\question_version_status;

/**
 * Imports questions into one category of a course's bank. A changed question becomes a new version of its bank entry, so
 * existing attempts keep the version they were made with.
 */
class question_importer {
    /** @var array question idnumber => its latest version in this category. */
    private array $latest;

    /**
     * Import into a category.
     *
     * @param \stdClass $course
     * @param \stdClass $category the question_categories record
     */
    public function __construct(
        /** @var \stdClass the course. */
        private readonly \stdClass $course,
        /** @var \stdClass the category. */
        private readonly \stdClass $category,
    ) {
        $this->latest = array_filter(
            course_bank::latest($course),
            fn($version) => (int) $version->categoryid === (int) $category->id
        );
    }

    /**
     * Import one question. Errors are reported, and then nothing is stored.
     *
     * @param string $idnumber
     * @param string $hash stands for the content; an equal hash means nothing is to be done
     * @param string $xml Moodle XML with this question
     * @return array {idnumber, questionid, version, action, error}
     */
    public function import(string $idnumber, string $hash, string $xml): array {
        global $DB;
        $latest = $this->latest[$idnumber] ?? null;
        if ($latest && $hash !== '' && $latest->hash === $hash) {
            return self::report($idnumber, $latest, outcome::UNCHANGED);
        }
        try {
            ownership::require_managed($idnumber);
            $question = $this->read($xml, $idnumber);
            $transaction = $DB->start_delegated_transaction();
            $saved = $this->save($question, $latest, $hash);
            $transaction->allow_commit();
        } catch (\Throwable $reason) {
            $DB->force_transaction_rollback();
            // A question type reports an error as an error code without a text.
            $why = preg_replace('~^error/~', '', $reason->getMessage());
            return self::report($idnumber, null, outcome::FAILED, $why);
        }
        $this->latest[$idnumber] = $saved;
        return self::report($idnumber, $saved, $latest ? outcome::UPDATED : outcome::CREATED);
    }

    /**
     * Read the question.
     *
     * @param string $xml
     * @param string $idnumber
     * @return \stdClass
     * @throws problem badquestionxml
     */
    private function read(string $xml, string $idnumber): \stdClass {
        $reader = new question_reader();
        $reader->setCourse($this->course);
        $reader->setCategory($this->category);
        return $reader->read($xml, $idnumber);
    }

    /**
     * Save the question as its editing form does: as a new entry or as a new version.
     *
     * @param \stdClass $imported
     * @param \stdClass|null $latest the version there is
     * @param string $hash
     * @return \stdClass {questionid, version, hash}
     */
    private function save(\stdClass $imported, ?\stdClass $latest, string $hash): \stdClass {
        global $DB;
        $question = (object) ['qtype' => $imported->qtype];
        if ($latest) {
            $question->id = $latest->questionid;
        }
        $saved = \question_bank::get_qtype($imported->qtype)->save_question($question, $this->as_form($imported));
        $DB->insert_record('local_stewardpath_question', ['questionid' => $saved->id, 'hash' => $hash]);
        $version = $DB->get_field('question_versions', 'version', ['questionid' => $saved->id], MUST_EXIST);
        return (object) ['questionid' => $saved->id, 'version' => $version, 'hash' => $hash];
    }

    /**
     * The imported question as the editing form sends it.
     *
     * @param \stdClass $imported
     * @return \stdClass
     */
    private function as_form(\stdClass $imported): \stdClass {
        $form = clone $imported;
        $form->category = $this->category->id;
        $form->status = question_version_status::QUESTION_STATUS_READY;
        foreach (['questiontext', 'generalfeedback'] as $text) {
            $form->$text = [
                'text' => $imported->$text,
                'format' => $imported->{$text . 'format'},
                'itemid' => $imported->{$text . 'itemid'} ?? 0,
            ];
        }
        return $form;
    }

    /**
     * The result for one question.
     *
     * @param string $idnumber
     * @param \stdClass|null $version {questionid, version}
     * @param string $action
     * @param string $error
     * @return array
     */
    private static function report(string $idnumber, ?\stdClass $version, string $action, string $error = ''): array {
        return [
            'idnumber' => $idnumber,
            'questionid' => (int) ($version->questionid ?? 0),
            'version' => (int) ($version->version ?? 0),
            'action' => $action,
            'error' => $error,
        ];
    }
}
