// SPDX-License-Identifier: MIT
/// A doubly linked list whose links live in the elements: inserting and removing never allocates or fails.
#pragma once

#include "base/assert.hpp"

namespace base {

template <typename T>
class IntrusiveList;

/// What an element holds for each list it can be in. Alone: both links are null.
template <typename T>
class ListLink {
public:
    constexpr ListLink() = default;
    ListLink(ListLink const&) = delete;
    auto operator=(ListLink const&) -> ListLink& = delete;

private:
    template <typename U>
    friend class IntrusiveList;

    T* previous_{};
    T* next_{};
};

/// `T` derives from `ListLink<T>`. The list does not own its elements: they leave it before they are
/// destroyed.
template <typename T>
class IntrusiveList {
public:
    constexpr IntrusiveList() = default;
    IntrusiveList(IntrusiveList const&) = delete;
    auto operator=(IntrusiveList const&) -> IntrusiveList& = delete;

    [[nodiscard]] constexpr auto empty() const -> bool { return first_ == nullptr; }
    [[nodiscard]] constexpr auto front() const -> T* { return first_; }
    [[nodiscard]] constexpr auto next(T const& element) const -> T* { return link(element).next_; }

    /// Pre: `element` is in no list.
    constexpr void push_back(T& element) {
        ASSERT(link(element).previous_ == nullptr && link(element).next_ == nullptr && first_ != &element);
        link(element).previous_ = last_;
        (last_ == nullptr ? first_ : link(*last_).next_) = &element;
        last_ = &element;
    }

    /// Pre: `element` is in this list.
    constexpr void remove(T& element) {
        auto& own = link(element);
        (own.previous_ == nullptr ? first_ : link(*own.previous_).next_) = own.next_;
        (own.next_ == nullptr ? last_ : link(*own.next_).previous_) = own.previous_;
        own.previous_ = nullptr;
        own.next_ = nullptr;
    }

    /// Takes the first element out; null when the list is empty.
    constexpr auto pop_front() -> T* {
        auto* const element = first_;
        if (element != nullptr) {
            remove(*element);
        }
        return element;
    }

private:
    static constexpr auto link(T& element) -> ListLink<T>& { return element; }
    static constexpr auto link(T const& element) -> ListLink<T> const& { return element; }

    T* first_{}; ///< null exactly when last_ is
    T* last_{};
};

} // namespace base
