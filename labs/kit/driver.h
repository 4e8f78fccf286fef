// The driver's half of the kit: questions come in on standard input, answers go out on descriptor 3. Standard output is
// the student's own. labs/kit/README.md describes the lines.
#pragma once

#include <unistd.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "not_yet.h"

namespace lab {

// Numbers with a shape, row by row.
struct Array {
    std::vector<long> shape;
    std::vector<double> values;
};

// One question: its arguments, one after the other, and the answer as it grows.
class Call {
public:
    explicit Call(std::string words) : words_(std::move(words)) {}

    double number() {
        expect("n");
        return std::strtod(word().c_str(), nullptr);
    }
    long index() { return std::lround(number()); }
    std::string text() {
        expect("t");
        const auto size = static_cast<std::size_t>(std::strtoul(word().c_str(), nullptr, 10));
        const std::string text = words_.substr(at_, size);
        at_ += size + 1;
        return text;
    }
    Array array() {
        expect("a");
        Array a;
        a.shape.resize(std::strtoul(word().c_str(), nullptr, 10));
        std::size_t size = 1;
        for (long& n : a.shape) size *= static_cast<std::size_t>(n = std::strtol(word().c_str(), nullptr, 10));
        a.values.resize(size);
        for (double& value : a.values) value = std::strtod(word().c_str(), nullptr);
        return a;
    }

    void give(double value) { add("n " + digits(value)); }
    void give(const std::string& text) { add("t " + std::to_string(text.size()) + " " + text); }
    void give(const char* text) { give(std::string(text)); }
    void give(const Array& a) {
        std::string item = "a " + std::to_string(a.shape.size());
        for (const long n : a.shape) item += " " + std::to_string(n);
        for (const double value : a.values) item += " " + digits(value);
        add(item);
    }

    std::string answer() const { return std::to_string(count_) + answer_; }

private:
    std::string word() {
        const std::size_t end = std::min(words_.find(' ', at_), words_.size());
        if (at_ >= end) throw std::logic_error("driver: the question has fewer arguments than are taken");
        const std::string word = words_.substr(at_, end - at_);
        at_ = end + 1;
        return word;
    }
    void expect(const std::string& kind) {
        if (word() != kind) throw std::logic_error("driver: an argument of another kind was expected");
    }
    void add(const std::string& item) {
        answer_ += " " + item;
        ++count_;
    }
    static std::string digits(double value) {
        if (std::isnan(value)) return "nan";
        char text[40];
        std::snprintf(text, sizeof text, "%.17g", value);    // inf, -inf
        return text;
    }

    std::string words_, answer_;
    std::size_t at_ = 0, count_ = 0;
};

using Functions = std::map<std::string, std::function<void(Call&)>>;
inline Functions& functions() {
    static Functions all;
    return all;
}

// Makes a function known under a name that tasks.py asks for.
struct Function {
    Function(const std::string& name, std::function<void(Call&)> function) { functions()[name] = std::move(function); }
};

inline void send(const std::string& line) {
    const std::string whole = "\n" + line + "\n";    // whatever else was written there ends before
    for (std::size_t at = 0; at < whole.size();) {
        const ssize_t written = ::write(3, whole.data() + at, whole.size() - at);
        if (written <= 0) std::_Exit(1);    // nobody listens any more
        at += static_cast<std::size_t>(written);
    }
}

inline std::string said(const std::string& how, const std::string& text) {
    std::string line;
    for (const char c : text) line += c == '\n' || c == '\r' ? ' ' : c;
    return how + " 1 t " + std::to_string(line.size()) + " " + line;
}

// ask TICKET NAME COUNT item ...
inline int serve() {
    const auto next = [](std::string& rest) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string word = rest.substr(0, end);
        rest.erase(0, end + 1);
        return word;
    };
    for (std::string line; std::getline(std::cin, line);) {
        next(line);    // "ask"
        const std::string ticket = next(line), name = next(line);
        next(line);    // how many arguments; the function knows
        std::string answer;
        try {
            Call call(line);
            const auto found = functions().find(name);
            if (found == functions().end()) throw std::logic_error("driver: there is no function " + name);
            found->second(call);
            answer = "gives " + call.answer();
        } catch (const NotYetWritten& error) {
            answer = said("not_yet", error.what());
        } catch (const std::exception& error) {
            answer = said("refuses", error.what());
        } catch (...) {
            answer = said("refuses", "something that is no std::exception");
        }
        std::cout.flush();
        std::fflush(stdout);
        send(ticket + " " + answer);
    }
    return 0;
}

}    // namespace lab
